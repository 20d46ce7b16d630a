//! XML as its readers see it: elements, their attributes and their text.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) text: String,
    pub(crate) children: Vec<Self>,
}

impl Element {
    /// The root of a document.
    #[track_caller]
    pub(crate) fn parse(text: &str) -> Self {
        assert!(
            text.chars().all(is_allowed),
            "a character that XML 1.0 does not have: {text:?}"
        );
        let mut reader = Reader::from_str(text);
        let mut open = vec![Self::default()];
        loop {
            match reader.read_event().unwrap() {
                Event::Start(start) => open.push(Self::new(&start)),
                Event::Empty(start) => {
                    let element = Self::new(&start);
                    open.last_mut().unwrap().children.push(element);
                }
                Event::End(_) => {
                    let element = open.pop().unwrap();
                    open.last_mut().unwrap().children.push(element);
                }
                Event::Text(text) => open.last_mut().unwrap().text += &text.xml10_content(),
                Event::GeneralRef(reference) => {
                    let c = match reference.resolve_char_ref().unwrap() {
                        Some(c) => c.to_string(),
                        None => quick_xml::escape::unescape(&format!("&{};", reference.xml10_content()))
                            .unwrap()
                            .into_owned(),
                    };
                    assert!(c.chars().all(is_allowed));
                    open.last_mut().unwrap().text += &c;
                }
                Event::Decl(_) => {}
                Event::Eof => break,
                event => panic!("{event:?}"),
            }
        }
        let [document] = &open[..] else {
            panic!("open elements")
        };
        let [root] = &document.children[..] else {
            panic!("one root")
        };
        root.clone()
    }

    fn new(start: &BytesStart<'_>) -> Self {
        let attributes = start.attributes().map(|attribute| {
            let attribute = attribute.unwrap();
            let value = attribute.normalized_value(XmlVersion::Explicit1_0).unwrap();
            assert!(value.chars().all(is_allowed));
            (attribute.key.as_ref().to_owned(), value.into_owned())
        });
        Self {
            name: start.name().as_ref().to_owned(),
            attributes: attributes.collect(),
            ..Self::default()
        }
    }

    #[track_caller]
    pub(crate) fn get(&self, name: &str) -> &str {
        self.attributes
            .get(name)
            .unwrap_or_else(|| panic!("no `{name}` in {self:#?}"))
    }

    #[track_caller]
    pub(crate) fn number(&self, name: &str) -> usize {
        self.get(name).parse().unwrap()
    }

    /// The elements in it, if they all have this name.
    #[track_caller]
    pub(crate) fn all(&self, name: &str) -> &[Self] {
        assert!(self.children.iter().all(|child| child.name == name), "{self:#?}");
        &self.children
    }
}

/// Section 2.2 of XML 1.0.
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}
