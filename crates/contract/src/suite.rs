//! The macro that turns the cases into an adapter's tests.

/// Expands to one test per case, each with a store of its own.
///
/// The argument is a path to an `async fn() -> Fixture` that makes an empty store. The crate that
/// invokes the macro needs `tokio` with `macros` and `rt-multi-thread`.
#[macro_export]
macro_rules! contract_tests {
    ($factory:path) => {
        $crate::contract_tests! { @cases $factory;
            analytics {
                tallies_are_stored_replaced_and_listed
                progress_is_stored_and_replaced
                recorded_counters_read_back
                a_clash_leaves_no_tally
                what_was_counted_is_forgotten
            }
            books {
                an_empty_store_is_balanced
                accounts_are_the_sums_of_their_entries
                books_balance_while_writers_are_busy
            }
            clashes {
                an_answered_key_reads_back
                the_same_key_twice_clashes
                the_same_key_in_another_shard_clashes
                the_same_key_twice_in_a_batch_clashes
                the_same_fingerprint_twice_clashes
                the_same_id_twice_clashes
                the_same_place_in_a_ledger_clashes
                a_clash_undoes_a_step
                a_second_writer_finds_the_first_ones_answer
                a_race_with_one_key_has_one_winner
            }
            commits {
                a_commit_is_seen_at_once_and_nothing_before
                a_rollback_leaves_nothing
                a_dropped_unit_leaves_nothing_and_lets_go
                a_cancelled_commit_is_all_or_nothing
                a_batch_may_build_on_itself
                a_large_batch_is_written
                metrics_are_accepted
                a_unit_that_was_rolled_back_frees_its_session
            }
            entities {
                a_game_reads_back
                what_was_never_written_is_not_found
                a_wallet_without_its_options_reads_back
                a_wallet_with_all_its_options_reads_back
                a_wallet_update_writes_every_field
                a_session_without_its_options_reads_back
                a_session_with_all_its_options_reads_back
                a_session_update_writes_every_field
                every_state_of_a_session_reads_back
                extreme_amounts_read_back
                instants_keep_their_millisecond
                digests_keep_their_bytes
            }
            experience {
                an_empty_store_has_no_episodes
                steps_are_the_transitions_and_chain
                episodes_are_filtered_and_paged
                steps_are_bounded_by_seq_and_time
                rewards_and_training_read_back
            }
            hostile {
                names_of_games_read_back
                seeds_and_profiles_read_back
                documents_of_events_read_back
                keys_and_answers_read_back
                keys_are_compared_byte_by_byte
            }
            jobs {
                a_queued_job_reads_back
                a_job_with_all_its_options_reads_back
                a_job_update_writes_every_field
                jobs_are_filtered_and_come_in_pages
                jobs_are_due_when_queued_or_left
                the_latest_job_of_a_game_is_found
                waiting_jobs_are_counted_by_kind
                a_job_is_claimed_by_one_of_many
                an_ended_job_is_not_written_again
                a_pending_profile_is_replaced_once
            }
            keys {
                a_key_reads_back
                a_second_key_of_a_token_clashes
                a_revocation_is_seen_at_once_and_stands
                keys_come_in_pages
                a_good_admin_key_is_told_from_others
                owners_read_back_and_filter
                an_owner_that_is_no_key_is_refused
            }
            locks {
                a_second_unit_on_a_session_waits
                a_second_unit_on_a_wallet_waits
                a_begin_given_up_leaves_no_lock
                waiting_for_a_lock_is_bounded
                units_on_the_same_rows_do_not_deadlock
                increments_of_a_wallet_are_not_lost
                actions_of_a_session_do_not_interleave
            }
            observations {
                an_observation_reads_back
                sessions_with_new_events_are_found
                unobserved_sessions_come_in_pages
                an_older_revision_clashes_and_counts_nothing
                of_writers_at_once_one_counts
                observing_does_not_wait_for_play
            }
            paging {
                games_come_in_pages
                wallets_come_in_pages
                sessions_come_in_pages
                ledger_entries_come_in_pages
                events_and_transitions_come_in_pages
                an_empty_store_lists_nothing
            }
            plays {
                a_session_from_bet_to_cash_out
                a_round_with_free_games
                an_expiry_plays_out_free_games
                a_session_without_a_wallet_is_closed
                a_session_plays_from_a_wallet_of_another_shard
            }
            probe {
                a_fresh_store_answers_a_ping
                connections_are_counted
            }
            recall {
                what_is_remembered_rightly_is_written
                a_session_played_since_is_not_written
                a_wallet_changed_since_is_not_written
                a_row_that_is_not_there_is_not_as_remembered
                locked_and_remembered_rows_go_together
                of_many_who_remember_the_same_one_writes
                a_unit_that_needed_nothing_may_end_at_once
            }
            sessions {
                sessions_are_filtered
                a_list_follows_the_session
                a_rotated_seed_takes_the_place_of_the_first
                idle_sessions_come_soonest_first
                ended_sessions_are_not_idle
                an_ended_session_with_a_check_is_not_idle
            }
            snapshots {
                a_snapshot_holds_what_exists_and_no_more
                a_unit_that_needs_nothing_can_write
                a_unit_may_change_nothing
                a_session_brings_its_wallet
                a_session_brings_the_wallet_attached_last
                a_key_is_looked_up_in_its_shard
                many_needs_are_met_at_once
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    /// The words of the text that begin with a letter, so that names can be compared.
    fn words(text: &str) -> impl Iterator<Item = &str> {
        text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty())
    }

    #[test]
    fn every_case_is_in_the_suite() {
        let suite: BTreeSet<_> = words(include_str!("suite.rs")).collect();
        let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cases");
        let mut found = 0;
        for file in fs::read_dir(cases).unwrap() {
            let text = fs::read_to_string(file.unwrap().path()).unwrap();
            for case in text.split("\npub async fn ").skip(1) {
                let name = words(case).next().unwrap();
                assert!(suite.contains(name), "`{name}` is missing from the macro `contract_tests`");
                found += 1;
            }
        }
        assert!(found > 40, "only {found} cases were found");
    }
}
