//! Policy files, and translated files in other languages, with their syntax trees.

use crate::source::Source;
use rolecall_syntax::ast::{File, Item};
use rolecall_syntax::{Parse, parse};
use std::sync::{Arc, OnceLock};

/// A policy file with its syntax tree, which is made once, when it is first needed. Clones share it.
///
/// A set is compiled and linted from the same trees, and a caller with threads can make those of several files at once:
///
/// ```
/// use rolecall_engine::{ParsedFile, PolicySet, Source};
/// use std::thread;
///
/// let files = ["set refs = [\"main\"]", "condition on_main = ref in refs"];
/// let files = files.map(|text| ParsedFile::new(Source::new("acme.policy", text)));
/// thread::scope(|threads| {
///     for file in &files {
///         threads.spawn(|| file.parse());
///     }
/// });
/// let set = PolicySet::compile_files(files)?;
/// # assert_eq!(set.program().own_files().count(), 2);
/// # Ok::<(), rolecall_engine::CompileError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ParsedFile {
    source: Source,
    is_foreign: bool,
    untranslated: Arc<[String]>,
    parse: Arc<OnceLock<Parse>>,
}

impl ParsedFile {
    /// Creates a policy file from its name and its text.
    pub fn new(source: Source) -> Self {
        Self {
            source,
            is_foreign: false,
            untranslated: Arc::default(),
            parse: Arc::default(),
        }
    }

    /// Creates a policy file with a tree that was made by changing that of its text. The locations of the tree are in that
    /// text, which is not parsed.
    pub fn with_tree(source: Source, file: File) -> Self {
        Self {
            is_foreign: false,
            ..Self::foreign(source, file)
        }
    }

    /// Creates a policy file with only those items of its text that issuers may need: the set has no roles and no tests.
    pub fn declarations(source: Source) -> Self {
        let mut file = parse(&source.text).file;
        file.items.retain(|item| match &item.node {
            Item::Condition(_) | Item::Edition(_) | Item::Issuer(_) | Item::Profile(_) | Item::Set(_) => true,
            Item::Assertion(_) | Item::Guard(_) | Item::Role(_) | Item::Test(_) => false,
        });
        Self::with_tree(source, file)
    }

    /// Creates a file in another language, with the tree of its translation. The locations of the tree are in the foreign
    /// text, which is never parsed.
    ///
    /// A role of a foreign file is decided as its source decides it: a derived claim need not equal one of its
    /// derivations. The analysis assumes that it does.
    pub fn foreign(source: Source, file: File) -> Self {
        let errors = Vec::new();
        Self {
            source,
            is_foreign: true,
            untranslated: Arc::default(),
            parse: Arc::new(OnceLock::from(Parse { file, errors })),
        }
    }

    /// Returns the file with another name, or with other token files. The text is the same.
    pub(crate) fn with_source(mut self, source: Source) -> Self {
        self.source = source;
        self
    }

    /// Adds the names of the roles that the file has, and its tree does not. An assertion that selects one says so, see
    /// [`Assertion::untranslated`](crate::ir::Assertion::untranslated).
    #[must_use]
    pub fn with_untranslated(mut self, names: Vec<String>) -> Self {
        self.untranslated = names.into();
        self
    }

    /// Returns whether the file is in another language.
    pub fn is_foreign(&self) -> bool {
        self.is_foreign
    }

    /// Returns the names of the roles that are not in the tree.
    pub(crate) fn untranslated(&self) -> &[String] {
        &self.untranslated
    }

    /// Returns the name and the text.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Returns the syntax tree and the syntax errors.
    pub fn parse(&self) -> &Parse {
        self.parse.get_or_init(|| parse(&self.source.text))
    }

    /// Returns whether the file shares its tree with another one.
    pub(crate) fn is_clone_of(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.parse, &other.parse)
    }
}
