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
use crate::config::DoorKind;
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

    pub(crate) fn new(files: &[SessionKeyFile]) -> Self {
        Self {
            keys: files.iter().filter_map(SessionKey::new).collect(),
        }
    }

    /// Returns whether a key seals at a time.
    pub(crate) fn seals(&self, now: UnixTime) -> bool {
        self.key(now).is_some()
    }

    /// Returns the key that seals at a time: the last one whose time to seal has come.
    fn key(&self, now: UnixTime) -> Option<&SessionKey> {
        let seals = |key: &&SessionKey| key.seal_at <= now.as_secs() && key.is_used(now);
        self.keys.iter().filter(seals).max_by_key(|key| key.seal_at)
    }

    /// Seals a session for doors of a kind.
    ///
    /// # Errors
    /// [`NotSealed`] if no key seals now, or the session is too long.
    pub(crate) fn seal(&self, kind: DoorKind, session: &Session, now: UnixTime) -> Result<String, NotSealed> {
        let key = self.key(now).ok_or(NotSealed)?;
        let mut text = serde_json::to_vec(session).map_err(|_| NotSealed)?;
        let aad = Aad::from(associated(key.name, kind));
        let nonce = key.key.seal_in_place_append_tag(aad, &mut text);
        let nonce = nonce.map_err(|_| NotSealed)?;
        let sealed = URL_SAFE_NO_PAD.encode([&key.name, nonce.as_ref().as_slice(), &text].concat());
        Some(sealed)
            .filter(|sealed| sealed.len() <= MAX_LENGTH)
            .ok_or(NotSealed)
    }

    /// Opens a session that was sealed for doors of this kind. `None` if it was not, if it was changed, if its key is
    /// retired, or if it has expired.
    pub(crate) fn open(&self, kind: DoorKind, sealed: &str, now: UnixTime) -> Option<Session> {
        if sealed.len() > MAX_LENGTH {
            return None;
        }
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (name, rest) = sealed.split_first_chunk::<NAME_LENGTH>()?;
        let (nonce, text) = rest.split_first_chunk::<NONCE_LEN>()?;
        let key = self.keys.iter().find(|key| key.name == *name)?;
        if !key.is_used(now) {
            return None;
        }
        let mut text = text.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let text = key
            .key
            .open_in_place(nonce, Aad::from(associated(*name, kind)), &mut text)
            .ok()?;
        let session: Session = serde_json::from_slice(text).ok()?;
        Some(session).filter(|session| !session.is_expired(now))
    }
}

/// Returns the data that is authenticated with a session: the form, the key and the kind of the door.
fn associated(name: [u8; NAME_LENGTH], kind: DoorKind) -> Vec<u8> {
    let form = b"rolecall session 1\0".as_slice();
    [form, &name, kind.name().as_bytes()].concat()
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
    const KIND: DoorKind = DoorKind::Token;

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
        }
    }

    fn at(seconds: i64) -> UnixTime {
        UnixTime::from_secs(seconds)
    }

    #[test]
    fn a_session_opens_for_its_own_kind_until_it_expires() {
        let sealer = Sealer::new(&[file(0, None)]);
        let sealed = sealer.seal(KIND, &session(), NOW).unwrap();
        assert_eq!(sealer.open(KIND, &sealed, NOW), Some(session()));
        assert_eq!(sealer.open(KIND, &sealed, at(1_000_899)), Some(session()));
        assert_eq!(sealer.open(KIND, &sealed, at(1_000_900)), None);
        assert_eq!(sealer.open(DoorKind::Request, &sealed, NOW), None);
        assert_ne!(sealed, sealer.seal(KIND, &session(), NOW).unwrap());
        assert!(!sealed.contains("deploy"));
    }

    #[test]
    fn each_changed_byte_is_refused() {
        let sealer = Sealer::new(&[file(0, None)]);
        let sealed = sealer.seal(KIND, &session(), NOW).unwrap();
        for at in 0..sealed.len() {
            for with in [b'A', b'-', b'_', b'z', b'=', b' ', b'+'] {
                let mut other = sealed.clone().into_bytes();
                if other[at] != with {
                    other[at] = with;
                    let other = String::from_utf8(other).unwrap();
                    assert_eq!(sealer.open(KIND, &other, NOW), None, "{at}");
                }
            }
            assert_eq!(sealer.open(KIND, sealed.get(..at).unwrap(), NOW), None, "{at}");
        }
        let bytes = URL_SAFE_NO_PAD.decode(&sealed).unwrap();
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut other = bytes.clone();
                other[at] ^= 1 << bit;
                let other = URL_SAFE_NO_PAD.encode(other);
                assert_eq!(sealer.open(KIND, &other, NOW), None, "{at}");
            }
        }
        for other in [format!("{sealed}A"), format!("{sealed}="), "A".repeat(9_000)] {
            assert_eq!(sealer.open(KIND, &other, NOW), None);
        }
    }

    #[test]
    fn keys_seal_and_retire_at_their_times() {
        let (old, new) = (file(0, Some(1_000_500)), file(1_000_100, None));
        let both = Sealer::new(&[old.clone(), new.clone()]);
        let (only_old, only_new) = (Sealer::new(&[old]), Sealer::new(&[new]));
        let first = both.seal(KIND, &session(), NOW).unwrap();
        let second = both.seal(KIND, &session(), at(1_000_100)).unwrap();
        assert!(only_old.open(KIND, &first, NOW).is_some());
        assert!(only_old.open(KIND, &second, NOW).is_none());
        assert!(only_new.open(KIND, &second, at(1_000_100)).is_some());
        assert!(both.open(KIND, &first, at(1_000_499)).is_some());
        assert!(both.open(KIND, &first, at(1_000_500)).is_none());
        assert!(both.open(KIND, &second, at(1_000_500)).is_some());
        assert_eq!(only_new.seal(KIND, &session(), NOW), Err(NotSealed));
        assert_eq!(only_old.seal(KIND, &session(), at(1_000_500)), Err(NotSealed));
        assert!(both.seals(NOW) && !Sealer::default().seals(NOW));
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
