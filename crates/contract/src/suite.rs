//! The macro that turns the cases into an adapter's tests.

/// Expands to one test per case, each with a store of its own.
///
/// The argument is a path to an `async fn() -> Fixture` that makes an empty store. The crate that
/// invokes the macro needs `tokio` with `macros` and `rt-multi-thread`.
#[macro_export]
macro_rules! contract_tests {
    ($factory:path) => {
        $crate::contract_tests! { @cases $factory;
            probe {
                a_fresh_store_answers_a_ping
            }
        }
    };
    (@cases $factory:path; $($group:ident { $($case:ident)* })*) => {
        mod contract {
            use super::*;

            $($crate::contract_tests! { @group $factory; $group { $($case)* } })*
        }
    };
    (@group $factory:path; $group:ident { $($case:ident)* }) => {
        mod $group {
            use super::*;

            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $case() {
                    let fixture: $crate::Fixture = $factory().await;
                    $crate::cases::$group::$case(fixture.store()).await;
                    drop(fixture);
                }
            )*
        }
    };
}
