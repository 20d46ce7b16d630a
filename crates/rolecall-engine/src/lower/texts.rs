//! Lists of short texts that many roles share, such as tags: each list and each text is kept once.

use std::collections::HashSet;
use std::sync::Arc;

/// The texts and the lists that were seen.
#[derive(Default)]
pub(super) struct Texts {
    texts: HashSet<Arc<str>>,
    lists: HashSet<Arc<[Arc<str>]>>,
}

impl Texts {
    /// Returns a list of texts, shared with all lists that are the same.
    pub(super) fn list<'t>(&mut self, texts: impl IntoIterator<Item = &'t str>) -> Arc<[Arc<str>]> {
        let list: Vec<Arc<str>> = texts.into_iter().map(|text| self.text(text)).collect();
        if let Some(known) = self.lists.get(list.as_slice()) {
            return Arc::clone(known);
        }
        let list: Arc<[Arc<str>]> = list.into();
        self.lists.insert(Arc::clone(&list));
        list
    }

    fn text(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return Arc::clone(known);
        }
        let text: Arc<str> = text.into();
        self.texts.insert(Arc::clone(&text));
        text
    }
}
