//! Ids of the items of a policy set. Only the set's arenas create them.

use crate::arena::{Id, Owner, sealed::Sealed};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $name {
                number: u32,
                owner: Owner,
            }

            impl Id for $name {}

            impl Sealed for $name {
                #[inline]
                fn from_parts(number: u32, owner: Owner) -> Self {
                    Self { number, owner }
                }

                #[inline]
                fn number(self) -> u32 {
                    self.number
                }

                #[inline]
                fn owner(self) -> Owner {
                    self.owner
                }
            }

            impl std::fmt::Debug for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    write!(f, "{}({})", stringify!($name), self.number)
                }
            }
        )+
    };
}

ids! {
    /// The id of a claim in its profile.
    ClaimId;
    /// The id of a clause: one `allow` of one role.
    ClauseId;
    /// The id of a file of a policy set.
    FileId;
    /// The id of a guard.
    GuardId;
    /// The id of an issuer.
    IssuerId;
    /// The id of a role.
    RoleId;
}

impl ClaimId {
    /// Creates the id of a claim of an unknown profile: the matcher packs the numbers of claims into its
    /// keys.
    pub(crate) fn of_number(number: u32) -> Self {
        Self::from_parts(number, Owner::UNKNOWN)
    }

    /// Returns the number of the claim in its profile.
    #[inline]
    pub(crate) fn number(self) -> u32 {
        self.number
    }
}

impl FileId {
    /// An id that is not the id of any file.
    pub(crate) const NONE: Self = Self {
        number: u32::MAX,
        owner: Owner::UNKNOWN,
    };
}
