//! Keys of the API, from the command line of whoever has the database.

use anyhow::Context as _;
use reelhouse_application::{Error, House};
use reelhouse_domain::access::{ApiKey, KeyFault, NewKey};
use reelhouse_domain::time::Clock as _;
use reelhouse_domain::{KeyId, Timestamp};

use crate::config::{Config, KeyCommand};
use crate::system::SystemClock;
use crate::{migrate, store};

/// How many keys are read at a time.
const PAGE: u32 = 500;

/// Makes, lists or revokes keys, and says what was done. The token of a new one goes to standard output alone, so
/// that a script can take it.
///
/// # Errors
/// When the database cannot be used, or the key is refused.
#[allow(clippy::print_stdout, clippy::print_stderr, reason = "what was done is the command's answer")]
pub async fn run(config: &Config, command: KeyCommand) -> anyhow::Result<()> {
    let store = store::open(config).await?;
    migrate::up(&store).await?;
    let house = store.house(config, None)?;
    match command {
        KeyCommand::Create { role, name, expires } => {
            let new = NewKey { name, role, expires_at: expires };
            let (key, token) = house.key_create(new).await.context("the key was not made")?;
            eprintln!(
                "made the {} key {} ({:?}), good {}; keep it, it is shown this once:",
                key.role,
                key.key_id,
                key.name,
                until(&key)
            );
            println!("{}", token.reveal());
        }
        KeyCommand::List => list(&house).await?,
        KeyCommand::Revoke { id } => {
            let key = revoke(&house, id).await?;
            println!("revoked the {} key {} ({:?})", key.role, key.key_id, key.name);
        }
    }
    Ok(())
}

async fn revoke(house: &House, id: KeyId) -> anyhow::Result<ApiKey> {
    match house.key_revoke(id).await {
        Err(Error::Refused(refusal)) => Err(refusal).context("`reelhouse key list` has the ids"),
        other => Ok(other?),
    }
}

#[allow(clippy::print_stdout, reason = "the list is the command's answer")]
async fn list(house: &House) -> anyhow::Result<()> {
    let (mut after, mut none) = (None, true);
    loop {
        let page = house.key_list(after, PAGE).await?;
        for key in page.items {
            none = false;
            println!("{}  {:<5}  {:<30}  {:?}", key.key_id, key.role.name(), state(&key, SystemClock.now()), key.name);
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    if none {
        println!("there are no keys: servers on a loopback address ask for none");
    }
    Ok(())
}

/// Until when a key is good.
fn until(key: &ApiKey) -> String {
    key.expires_at.map_or_else(|| "until it is revoked".to_owned(), |at| format!("until {}", shown(at)))
}

fn state(key: &ApiKey, now: Timestamp) -> String {
    match key.caller(now) {
        Ok(_) => key.expires_at.map_or_else(|| "good".to_owned(), |at| format!("good until {}", shown(at))),
        Err(KeyFault::Revoked) => format!("revoked {}", key.revoked_at.map(shown).unwrap_or_default()),
        Err(_) => format!("expired {}", key.expires_at.map(shown).unwrap_or_default()),
    }
}

fn shown(at: Timestamp) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}
