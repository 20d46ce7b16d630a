//! Claims of tokens, by name or by JSON pointer, and the values that a role expects.

use rolecall_syntax::Spanned;

/// A claim of a token. If it is absent or `null`, no token gets in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The name or the JSON pointer, as the role has it.
    pub written: Spanned<String>,
    /// The way to the claim: names of members of objects, from the token on. In a list, a name such as `0` is
    /// the index of an element. A claim by name has one step, in which dots and slashes mean nothing.
    pub path: Vec<String>,
}

impl Claim {
    /// Returns the claim of a name.
    pub(super) fn name(written: Spanned<String>) -> Self {
        let path = vec![written.node.clone()];
        Self { written, path }
    }

    /// Returns the claim of a JSON pointer (RFC 6901), or of a name if it does not begin with a slash.
    pub(super) fn pointer(written: Spanned<String>) -> Self {
        let Some(steps) = written.strip_prefix('/') else {
            return Self::name(written);
        };
        let path = steps
            .split('/')
            .map(|step| step.replace("~1", "/").replace("~0", "~"));
        Self {
            path: path.collect(),
            written,
        }
    }

    /// Returns the first step that Go's integers may include, although it is not the decimal index of an
    /// element.
    pub(super) fn odd_index(&self) -> Option<&str> {
        let is_odd = |step: &&String| {
            // pointerstructure takes the empty step for 0.
            let digits = step.strip_prefix(['+', '-']).unwrap_or(step);
            let is_integer = digits.starts_with(|c: char| c.is_ascii_digit())
                && digits
                    .bytes()
                    .all(|byte| byte.is_ascii_hexdigit() || b"xXoO_".contains(&byte));
            let is_decimal =
                step.bytes().all(|byte| byte.is_ascii_digit()) && (*step == "0" || !step.starts_with('0'));
            step.is_empty() || is_integer && !is_decimal
        };
        // The first step is the name of a claim.
        let mut indices = self.path.iter().skip(1);
        indices.find(is_odd).map(String::as_str)
    }
}

/// A value of which one must equal the claim, or one element of it if the claim is a list. An object equals
/// nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// An equal text.
    Text(String),
    /// A text of these parts, in order, with any characters between them, or none. There are at least two
    /// parts, and they can be empty: the glob `a*` has the parts `a` and the empty one.
    Glob(Vec<String>),
    /// The same boolean.
    Bool(bool),
    /// A number that is this integer without its fraction: 1.9 is 1, and -0.5 is 0. It equals the claim
    /// itself alone, and no element of a list.
    Integer(i64),
}
