//! Making fixes loses no text.

use proptest::prelude::*;
use rolecall_engine::{Arena, Location, Source};
use rolecall_lint::{Edit, Fix, Safety, apply};
use rolecall_syntax::Span;

/// A text and places in it.
fn text_and_places() -> impl Strategy<Value = (String, Vec<(usize, usize, String)>)> {
    let text = proptest::string::string_regex("[a-zäß \n]{0,40}").expect("a regex");
    text.prop_flat_map(|text| {
        let length = text.chars().count();
        let insert = proptest::string::string_regex("[A-Z]{0,3}").expect("a regex");
        let places = prop::collection::vec((0..=length, 0..=length, insert), 0..6);
        (Just(text), places)
    })
}

proptest! {
    #[test]
    fn nothing_outside_of_the_edits_is_lost((text, places) in text_and_places()) {
        let mut sources = Arena::new();
        let file = sources.push(Source::new("a.policy", text.as_str()));
        let byte = |at: usize| text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte);
        let fixes: Vec<Fix> = places.iter().map(|(one, other, insert)| {
            let span = Span::new(byte(*one.min(other)), byte(*one.max(other)));
            let edits = vec![Edit { location: Location::new(file, span), text: insert.clone() }];
            Fix { message: String::new(), safety: Safety::Safe, edits }
        }).collect();
        let (fixed, made) = apply(file, &text, &fixes);
        prop_assert!(made <= fixes.len());
        prop_assert!(fixes.is_empty() || made > 0);
        // Each character that is in no edit is still there, in its order; capitals are what came in.
        let in_edit = |at: usize| fixes.iter().any(|fix| fix.edits.iter().any(|edit| edit.location.span().range().contains(&at)));
        let kept: String = text.char_indices().filter(|(at, _)| !in_edit(*at)).map(|(_, c)| c).collect();
        let mut rest = fixed.chars();
        for c in kept.chars() {
            prop_assert!(rest.any(|other| other == c), "`{c}` is lost of {text:?}: {fixed:?}");
        }
        // Nothing comes from anywhere else, but for a space where a word would join another one.
        let most: usize = fixes.iter().flat_map(|fix| &fix.edits).map(|edit| edit.text.len()).sum();
        prop_assert!(fixed.len() <= text.len() + most + 2 * fixes.len());
    }
}
