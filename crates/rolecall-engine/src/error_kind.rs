//! Kinds of errors in a policy set, each with a stable code.

use std::fmt;

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident = $code:literal;)+) => {
        /// The kind of an error in a policy set: one cause and one kind of fix.
        ///
        /// Codes are stable: a code keeps its meaning, and a new cause gets a new code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum ErrorKind {
            $(
                $(#[doc = $doc])+
                #[doc = concat!(" Code: `", $code, "`.")]
                $kind,
            )+
        }

        impl ErrorKind {
            /// Every kind, in alphabetical order.
            pub const ALL: &[Self] = &[$(Self::$kind),+];

            /// Returns the stable code, such as `unknown-claim`.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$kind => $code,)+
                }
            }
        }
    };
}

kinds! {
    /// A name has two meanings where it is used, such as a set with the name of a claim.
    AmbiguousName = "ambiguous-name";
    /// A condition, a derived claim or a test's token refers to itself.
    Circular = "circular";
    /// Two declarations about a claim exclude each other.
    ConflictingDeclaration = "conflicting-declaration";
    /// Two issuers have the same URL.
    DuplicateIssuerUrl = "duplicate-issuer-url";
    /// Two items of one kind, or two claims of a profile, have the same name.
    DuplicateName = "duplicate-name";
    /// A list, a set or an audience is empty.
    Empty = "empty";
    /// A guard applies to no clause of the roles that it selects.
    GuardWithoutEffect = "guard-without-effect";
    /// A duration is out of its range.
    InvalidDuration = "invalid-duration";
    /// A list, a set or the `for` of a role has an element that is not allowed in it.
    InvalidElement = "invalid-element";
    /// A number of a limit is out of its range.
    InvalidLimit = "invalid-limit";
    /// A literal has the right type, and the claim can never have this value.
    InvalidLiteral = "invalid-literal";
    /// A `glob` pattern is malformed.
    InvalidPattern = "invalid-pattern";
    /// A regex is malformed, or uses what regexes of policies do not have.
    InvalidRegex = "invalid-regex";
    /// A role's name is not valid once the parameter of its `for` is filled in, or does not contain it.
    InvalidRoleName = "invalid-role-name";
    /// A template is malformed, or has optional parts where there can be none.
    InvalidTemplate = "invalid-template";
    /// A file that the token of a test is `from` has no place in the folder, cannot be read, or has no claims.
    InvalidTokenFile = "invalid-token-file";
    /// The URL of an issuer or of its keys is not valid.
    InvalidUrl = "invalid-url";
    /// The policy set exceeds a limit: of a size, a depth, a number, or of its size when expanded.
    LimitExceeded = "limit-exceeded";
    /// A string has an escape that only patterns or templates have.
    MisplacedEscape = "misplaced-escape";
    /// An `expect` of a test says more about roles than their decision has, such as the ttl of denied ones.
    MisplacedExpectation = "misplaced-expectation";
    /// An issuer or a role lacks a member that it must have.
    MissingMember = "missing-member";
    /// A name stands where a condition is expected and means something else.
    NotACondition = "not-a-condition";
    /// A member, a tag, a value of an enum or a claim of a test's token is listed twice.
    RepeatedMember = "repeated-member";
    /// A selector with a tag or a `*` selects no role.
    SelectsNothing = "selects-nothing";
    /// The text of a file is malformed.
    Syntax = "syntax";
    /// A literal or another claim has a different type from the claim that is compared with it.
    TypeMismatch = "type-mismatch";
    /// The profile does not have the claim.
    UnknownClaim = "unknown-claim";
    /// A condition with arguments is not declared.
    UnknownCondition = "unknown-condition";
    /// A filter of a template does not exist.
    UnknownFilter = "unknown-filter";
    /// A role does not have the grant that a test expects.
    UnknownGrant = "unknown-grant";
    /// An issuer is not declared.
    UnknownIssuer = "unknown-issuer";
    /// A word after the type of a claim does not exist.
    UnknownModifier = "unknown-modifier";
    /// A name is not declared, and could be that of a claim, a condition, a set or a parameter.
    UnknownName = "unknown-name";
    /// A profile is neither declared nor built in.
    UnknownProfile = "unknown-profile";
    /// A role is not declared.
    UnknownRole = "unknown-role";
    /// A set is not declared.
    UnknownSet = "unknown-set";
    /// A test is not declared.
    UnknownTest = "unknown-test";
    /// A type of a claim does not exist.
    UnknownType = "unknown-type";
    /// A signature algorithm is not known or not safe.
    UnsupportedAlgorithm = "unsupported-algorithm";
    /// A condition is called with too few or too many arguments.
    WrongArgumentCount = "wrong-argument-count";
    /// A claim's type does not fit a template, a filter or a derivation.
    WrongClaimType = "wrong-claim-type";
    /// An operand is not of the kind that its operator takes, such as a list after `==`.
    WrongOperand = "wrong-operand";
    /// An operator cannot be used with a claim of this type.
    WrongOperator = "wrong-operator";
}

/// Writes the code.
impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
