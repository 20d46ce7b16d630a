//! Selectors: `Program::select` selects what the compiler selects for tests.

use rolecall_engine::{PolicySet, RoleId, Source};
use rolecall_syntax::ast::Selector;

#[test]
fn the_two_ways_to_select_agree() {
    let mut policy = "issuer i { url \"https://i.example\" profile generic audience \"x\" }\n".to_owned();
    for (number, name) in ["b", "a", "ab", "a-b", "b-a", "aba", "A", "c"].iter().enumerate() {
        let tags = ["t", "t, u", "u", "a"][number % 4];
        policy += &format!("role {name} {{ tags [{tags}] allow from i when sub == \"{number}\" }}\n");
    }
    let selectors = [
        "a", "b-a", "*", "a*", "*a", "a*b", "*b*", "a*a", "**", "#t", "#u", "#a",
    ];
    for selector in selectors {
        policy += &format!("test \"{selector}\" {{ token i {{}} expect deny {selector} }}\n");
    }
    let set = PolicySet::compile([Source::new("a.policy", policy.as_str())]).unwrap();
    for (selector, test) in selectors.iter().zip(set.program().tests()) {
        let selected = set.program().select(&Selector::new(selector));
        assert_eq!(selected, test.expectations[0].roles, "{selector}");
        assert!(!selected.is_empty());
    }
    for nothing in ["", "d", "d*", "#d", "#", "#t*", "t", "a b", "##t"] {
        let selected = set.program().select(&Selector::new(nothing));
        assert_eq!(selected, Vec::<RoleId>::new(), "{nothing}");
    }
}
