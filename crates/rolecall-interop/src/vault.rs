//! Roles of the JWT auth method of Vault and OpenBao, as `vault read -format=json auth/MOUNT/role/NAME`
//! prints them, and the configuration of the mount.
//!
//! Facts are from hashicorp/vault-plugin-auth-jwt v0.26.1 (`claims.go`, `path_role.go`, `path_login.go`,
//! `path_config.go`), mitchellh/pointerstructure v1.2.1 (`get.go`) and ryanuber/go-glob v1.0.0. A role is one
//! rule: all of its parts must hold.
//!
//! Vault reads numbers of tokens as `f64`. A token is refused under any role if its `iss` or `sub` is neither
//! a text nor `null`, or its `aud` is neither absent, a text nor a list of texts.

mod claim;
mod documents;
mod mount;
mod read;
mod role;

pub use claim::{Claim, Expected};
pub use documents::{Documents, FoundMount, FoundRole};
pub use mount::{Keys, Mount};
pub use read::{is_mount, is_role, mount, role};
pub use role::{BoundClaim, Mapping, Role};
