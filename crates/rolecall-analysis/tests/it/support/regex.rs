//! Regular expressions over code points, as plain as they can be: what others are asked about.

/// The last code point that SMT-LIB has. It is the same for our languages whether there are more.
pub const LAST: u32 = 0x2_ffff;

/// A set of words.
#[derive(Clone, Debug)]
pub enum Regex {
    /// One character of these ranges.
    Chars(Vec<(u32, u32)>),
    /// One after the other.
    Concat(Vec<Self>),
    /// Words of the first that are none of the second.
    Without(Box<Self>, Box<Self>),
    /// One of them.
    Either(Vec<Self>),
    /// Any number of them, none too.
    Star(Box<Self>),
    /// This word.
    Text(String),
}

impl Regex {
    pub fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// One character.
    pub fn any() -> Self {
        Self::Chars(vec![(0, LAST)])
    }

    /// One character that is none of these.
    pub fn none_of(chars: &str) -> Self {
        let mut ranges = Vec::new();
        let mut from = 0;
        let mut chars: Vec<u32> = chars.chars().map(u32::from).collect();
        chars.sort_unstable();
        for c in chars {
            if from < c {
                ranges.push((from, c - 1));
            }
            from = c + 1;
        }
        ranges.push((from, LAST));
        Self::Chars(ranges)
    }

    pub fn star(self) -> Self {
        Self::Star(Box::new(self))
    }

    pub fn plus(self) -> Self {
        Self::Concat(vec![self.clone(), self.star()])
    }

    pub fn optional(self) -> Self {
        Self::Either(vec![Self::text(""), self])
    }

    pub fn then(self, next: Self) -> Self {
        Self::Concat(vec![self, next])
    }

    pub fn without(self, other: Self) -> Self {
        Self::Without(Box::new(self), Box::new(other))
    }

    /// Every word.
    pub fn all() -> Self {
        Self::any().star()
    }

    /// A path: segments joined by `/`, none empty, without `:`.
    pub fn path() -> Self {
        let segment = || Self::none_of("/:").plus();
        segment().then(Self::text("/").then(segment()).star())
    }

    /// What git accepts as the name of a ref.
    pub fn git_ref() -> Self {
        let controls: String = (0..=0x20_u8).map(char::from).collect();
        let part = Self::none_of(&(controls + "\u{7f}~^:?*[\\/")).plus();
        let parts = part.clone().then(Self::text("/").then(part).star());
        let around = |middle: &str| Self::all().then(Self::text(middle)).then(Self::all());
        let ends = |end: &str| Self::all().then(Self::text(end));
        parts.without(Self::Either(vec![
            around(".."),
            around("@{"),
            around("/."),
            around(".lock/"),
            ends(".lock"),
            ends("."),
            Self::text(".").then(Self::all()),
            Self::text("@"),
        ]))
    }
}
