//! The bodies of keys.

use chrono::{DateTime, Datelike as _, Utc};
use reelhouse_domain::Timestamp;
use reelhouse_domain::access::{ApiKey, NewKey, Role};
use serde::{Serialize, Serializer};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use crate::common::Instant;
use crate::fields::Fields;
use crate::problem::{Problem, shorten};

/// What a key is for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RoleName(pub(crate) Role);

impl Serialize for RoleName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name())
    }
}

impl PartialSchema for RoleName {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(
                "`read`: sees everything, changes nothing. `play`: plays from wallets of its own, and sees nothing of \
                 anybody else's. `admin`: does everything.",
            ))
            .enum_values(Some(Role::ALL.map(Role::name)))
            .into()
    }
}

impl ToSchema for RoleName {
    fn name() -> std::borrow::Cow<'static, str> {
        "Role".into()
    }
}

/// A key to be made.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NewKey)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewKeyBody {
    /// What people call it.
    #[schema(min_length = 1, max_length = 100, examples("the training machine"))]
    name: String,
    /// What it is for.
    role: RoleName,
    /// The instant from which it is refused; absent for never.
    expires_at: Option<Instant>,
}

impl NewKeyBody {
    /// The fields of the body.
    pub(crate) const FIELDS: &[&str] = &["name", "role", "expires_at"];

    /// Reads the body.
    pub(crate) fn read(body: Fields) -> Result<Self, Problem> {
        let mut body = body.only(Self::FIELDS)?;
        let name = body.text("name")?;
        let role = body.text("role")?;
        let role = Role::named(&role).ok_or_else(|| {
            let names = Role::ALL.map(Role::name);
            let reason = format!("one of {} was expected, not {:?}", names.join(", "), shorten(&role));
            Problem::invalid_request("/role", reason).with("expected", names.to_vec())
        })?;
        let expires_at = body.text_if_any("expires_at")?.map(|text| read_instant(&text)).transpose()?;
        Ok(Self { name, role: RoleName(role), expires_at: expires_at.map(Instant) })
    }
}

fn read_instant(text: &str) -> Result<Timestamp, Problem> {
    let at = DateTime::parse_from_rfc3339(text).ok().map(|at| at.with_timezone(&Utc));
    at.filter(|at| (1970..=9999).contains(&at.year())).ok_or_else(|| {
        let reason = format!("an instant such as 2036-01-02T03:04:05Z was expected, not {:?}", shorten(text));
        Problem::invalid_request("/expires_at", reason)
    })
}

impl From<NewKeyBody> for NewKey {
    fn from(body: NewKeyBody) -> Self {
        Self { name: body.name, role: body.role.0, expires_at: body.expires_at.map(|at| at.0) }
    }
}

/// A key, without its token.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Key)]
pub(crate) struct KeyBody {
    /// The key's id.
    key_id: Uuid,
    /// What people call it.
    name: String,
    /// What it is for.
    role: RoleName,
    /// When it was made.
    created_at: Instant,
    /// The instant from which it is refused; null for never.
    #[schema(required)]
    expires_at: Option<Instant>,
    /// When it was revoked; null for a key that was not.
    #[schema(required)]
    revoked_at: Option<Instant>,
}

impl From<ApiKey> for KeyBody {
    fn from(key: ApiKey) -> Self {
        Self {
            key_id: key.key_id.0,
            name: key.name,
            role: RoleName(key.role),
            created_at: Instant(key.created_at),
            expires_at: key.expires_at.map(Instant),
            revoked_at: key.revoked_at.map(Instant),
        }
    }
}

/// A key that was made, with its token.
#[derive(Serialize, ToSchema)]
#[schema(as = MadeKey)]
pub(crate) struct MadeKeyBody {
    /// What to send as `Authorization: Bearer …`. It is shown here and never again.
    #[schema(pattern = "^reel_[0-9A-Za-z]{49}$", examples("reel_0b1C2d3E4f5G6h7I8j9K0l1M2n3O4p5Q6r7S8t9U0v1W2x3Y4"))]
    pub(crate) token: String,
    /// The key.
    #[serde(flatten)]
    pub(crate) key: KeyBody,
}
