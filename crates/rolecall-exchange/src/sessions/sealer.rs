//! Seals and opens sessions. This is the only file that encrypts.
//!
//! A sealed session is the name of its key, a nonce and the ciphertext, in base64url. The cipher is AES-256-GCM-SIV
//! (RFC 8452) with random nonces: a nonce that occurs twice does not reveal the key.

use std::fmt;
use std::path::Path;

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use rolecall::UnixTime;

use super::Session;
use super::key_file::{self, NAME_LENGTH, SessionKeyFile};
use crate::failure::Failure;

/// The maximum length of a sealed session in bytes.
const MAX_LENGTH: usize = 8 * 1024;

/// The keys that seal and open sessions.
#[derive(Debug, Default)]
pub(crate) struct Sealer {
    keys: Vec<SessionKey>,
}

/// A key with its times.
struct SessionKey {
    name: [u8; NAME_LENGTH],
    key: RandomizedNonceKey,
    seal_at: i64,
    retire_at: i64,
}

/// No key seals now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotSealed;

impl Sealer {
    /// Reads the keys of a folder.
    pub(crate) fn read(folder: &Path) -> Result<Self, Failure> {
        Ok(Self::new(&key_file::read_folder(folder)?))
    }

    /// Reads the keys of a folder, one of which must seal now.
    pub(crate) fn usable(folder: &Path, now: UnixTime) -> Result<Self, Failure> {
        let sealer = Self::read(folder)?;
        if sealer.key(now).is_some() {
            return Ok(sealer);
        }
        let message = format!("no key in `{}` seals sessions now", folder.display());
        Err(Failure::new(message).help("`rolecall-exchange keys new --sessions` makes one"))
    }

    pub(crate) fn new(files: &[SessionKeyFile]) -> Self {
        Self {
            keys: files.iter().filter_map(SessionKey::new).collect(),
        }
    }

    /// Returns the key that seals at a time: the last one whose time to seal has come. Of two that begin in the same
    /// second, the one that made way for the other retires first.
    fn key(&self, now: UnixTime) -> Option<&SessionKey> {
        let seals = |key: &&SessionKey| key.seal_at <= now.as_secs() && key.is_used(now);
        self.keys
            .iter()
            .filter(seals)
            .max_by_key(|key| (key.seal_at, key.retire_at))
    }

    /// Seals a session of a door, given by its kind and its name.
    ///
    /// # Errors
    /// [`NotSealed`] if no key seals now, or the session is too long.
    pub(crate) fn seal(&self, door: &str, session: &Session, now: UnixTime) -> Result<String, NotSealed> {
        let key = self.key(now).ok_or(NotSealed)?;
        let mut text = serde_json::to_vec(session).map_err(|_| NotSealed)?;
        let aad = Aad::from(associated(key.name, door));
        let nonce = key.key.seal_in_place_append_tag(aad, &mut text);
        let nonce = nonce.map_err(|_| NotSealed)?;
        let sealed = URL_SAFE_NO_PAD.encode([&key.name, nonce.as_ref().as_slice(), &text].concat());
        Some(sealed)
            .filter(|sealed| sealed.len() <= MAX_LENGTH)
            .ok_or(NotSealed)
    }

    /// Opens a session of a door. `None` if it is one of another door, if it was changed, if its key is retired, or if it
    /// has expired.
    pub(crate) fn open(&self, door: &str, sealed: &str, now: UnixTime) -> Option<Session> {
        let (key, sealed) = self.key_of(sealed)?;
        let (name, rest) = sealed.split_first_chunk::<NAME_LENGTH>()?;
        let (nonce, text) = rest.split_first_chunk::<NONCE_LEN>()?;
        if !key.is_used(now) {
            return None;
        }
        let mut text = text.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let text = key
            .key
            .open_in_place(nonce, Aad::from(associated(*name, door)), &mut text)
            .ok()?;
        let session: Session = serde_json::from_slice(text).ok()?;
        Some(session).filter(|session| !session.is_expired(now))
    }

    /// Returns whether a text says that it was sealed with one of these keys, for whatever door.
    pub(crate) fn is_sealed(&self, text: &str) -> bool {
        self.key_of(text).is_some()
    }

    /// Returns the key whose name a text begins with, and its bytes.
    fn key_of(&self, text: &str) -> Option<(&SessionKey, Vec<u8>)> {
        if text.len() > MAX_LENGTH {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let key = self.keys.iter().find(|key| bytes.starts_with(&key.name))?;
        Some((key, bytes))
    }
}

/// Returns the data that is authenticated with a session: the form, the key and the door.
fn associated(name: [u8; NAME_LENGTH], door: &str) -> Vec<u8> {
    let form = b"rolecall session 2\0".as_slice();
    [form, &name, door.as_bytes()].concat()
}

impl SessionKey {
    fn new(file: &SessionKeyFile) -> Option<Self> {
        let key = file.key()?;
        Some(Self {
            name: key_file::name(&key),
            key: RandomizedNonceKey::new(&AES_256_GCM_SIV, &key).ok()?,
            seal_at: file.seal_at.as_second(),
            retire_at: file.retire_at.map_or(i64::MAX, Timestamp::as_second),
        })
    }

    /// Returns whether the key is not retired. A clock that is behind the sealing instance's does not matter.
    fn is_used(&self, now: UnixTime) -> bool {
        now.as_secs() < self.retire_at
    }
}

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionKey")
            .field("name", &URL_SAFE_NO_PAD.encode(self.name))
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixTime = UnixTime::from_secs(1_000_000);
    const DOOR: &str = "vault:vault";

    fn file(seal_at: i64, retire_at: Option<i64>) -> SessionKeyFile {
        let at = |seconds| Timestamp::from_second(seconds).unwrap();
        let mut file = SessionKeyFile::generate(at(seal_at)).unwrap();
        file.retire_at = retire_at.map(at);
        file
    }

    fn session() -> Session {
        Session {
            role: "deploy".to_owned(),
            issuer: "gitlab".to_owned(),
            id: "id".to_owned(),
            expires_at: 1_000_900,
            aws: None,
            vault: None,
        }
    }

    fn at(seconds: i64) -> UnixTime {
        UnixTime::from_secs(seconds)
    }

    #[test]
    fn a_session_opens_at_its_own_door_until_it_expires() {
        let sealer = Sealer::new(&[file(0, None)]);
        let sealed = sealer.seal(DOOR, &session(), NOW).unwrap();
        assert_eq!(sealer.open(DOOR, &sealed, NOW), Some(session()));
        assert_eq!(sealer.open(DOOR, &sealed, at(1_000_899)), Some(session()));
        assert_eq!(sealer.open(DOOR, &sealed, at(1_000_900)), None);
        assert_eq!(sealer.open("aws:vault", &sealed, NOW), None);
        assert_eq!(sealer.open("vault:vault-eu", &sealed, NOW), None);
        assert!(sealer.is_sealed(&sealed));
        assert!(!Sealer::new(&[file(0, None)]).is_sealed(&sealed));
        assert_ne!(sealed, sealer.seal(DOOR, &session(), NOW).unwrap());
        assert!(!sealed.contains("deploy"));
    }

    #[test]
    fn each_changed_byte_is_refused() {
        let sealer = Sealer::new(&[file(0, None)]);
        let sealed = sealer.seal(DOOR, &session(), NOW).unwrap();
        for at in 0..sealed.len() {
            for with in [b'A', b'-', b'_', b'z', b'=', b' ', b'+'] {
                let mut other = sealed.clone().into_bytes();
                if other[at] != with {
                    other[at] = with;
                    let other = String::from_utf8(other).unwrap();
                    assert_eq!(sealer.open(DOOR, &other, NOW), None, "{at}");
                }
            }
            assert_eq!(sealer.open(DOOR, sealed.get(..at).unwrap(), NOW), None, "{at}");
        }
        let bytes = URL_SAFE_NO_PAD.decode(&sealed).unwrap();
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut other = bytes.clone();
                other[at] ^= 1 << bit;
                let other = URL_SAFE_NO_PAD.encode(other);
                assert_eq!(sealer.open(DOOR, &other, NOW), None, "{at}");
            }
        }
        for other in [format!("{sealed}A"), format!("{sealed}="), "A".repeat(9_000)] {
            assert_eq!(sealer.open(DOOR, &other, NOW), None);
        }
    }

    #[test]
    fn keys_seal_and_retire_at_their_times() {
        let (old, new) = (file(0, Some(1_000_500)), file(1_000_100, None));
        let both = Sealer::new(&[old.clone(), new.clone()]);
        let (only_old, only_new) = (Sealer::new(&[old]), Sealer::new(&[new]));
        let first = both.seal(DOOR, &session(), NOW).unwrap();
        let second = both.seal(DOOR, &session(), at(1_000_100)).unwrap();
        assert!(only_old.open(DOOR, &first, NOW).is_some());
        assert!(only_old.open(DOOR, &second, NOW).is_none());
        assert!(only_new.open(DOOR, &second, at(1_000_100)).is_some());
        assert!(both.open(DOOR, &first, at(1_000_499)).is_some());
        assert!(both.open(DOOR, &first, at(1_000_500)).is_none());
        assert!(both.open(DOOR, &second, at(1_000_500)).is_some());
        assert_eq!(only_new.seal(DOOR, &session(), NOW), Err(NotSealed));
        assert_eq!(only_old.seal(DOOR, &session(), at(1_000_500)), Err(NotSealed));
        assert!(both.key(NOW).is_some() && Sealer::default().key(NOW).is_none());
    }

    #[test]
    fn secrets_are_not_shown() {
        let sealer = Sealer::new(&[file(0, None)]);
        let keys = super::super::AwsKeys {
            access_key_id: "ASIAEXAMPLE".to_owned(),
            secret: "hidden".to_owned(),
            role_arn: String::new(),
            session_name: String::new(),
        };
        let session = Session {
            aws: Some(keys),
            ..session()
        };
        assert!(!format!("{session:?} {sealer:?}").contains("hidden"));
    }
}
