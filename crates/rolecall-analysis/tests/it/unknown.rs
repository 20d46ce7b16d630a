//! What a proof may not assume: claims are there, of their type, and say what the others say.

use rolecall_analysis::{Analysis, Answer};

#[test]
fn claims_may_be_absent_odd_or_contradict() {
    let set = crate::support::compile(
        "profile p { claim a: text claim b: bool claim l: [text] derive sub = \"{a}\" }
         issuer i { url \"https://i.example\" profile p audience \"x\" }
         role without { allow from i when !has a && !has b && !has l }
         role has-a { allow from i when has a }
         role reads-a { allow from i when a like \"*\" }
         role has-sub { allow from i when has sub }
         role reads-sub { allow from i when sub like \"*\" }
         role has-both { allow from i when has sub && a == \"x\" }
         role has-b { allow from i when has b }
         role reads-b { allow from i when b || !b }
         role has-l { allow from i when has l }
         role reads-l { allow from i when l contains \"x\" || !(l contains \"x\") }",
    );
    let mut analysis = Analysis::new(&set);
    let role = |name: &str| set.program().role(name).expect("a role");
    assert!(matches!(analysis.satisfiable(role("without")), Answer::Token(_)));
    for (first, second) in [
        ("has-a", "reads-a"),
        ("has-sub", "reads-sub"),
        ("has-both", "reads-sub"),
        ("has-b", "reads-b"),
        ("has-l", "reads-l"),
    ] {
        let outcome = analysis.implies(role(first), role(second));
        assert!(outcome.is_refuted(), "{first} {second} {outcome:?}");
    }
    for (first, second) in [
        ("reads-a", "has-a"),
        ("reads-sub", "has-sub"),
        ("reads-sub", "reads-a"),
        ("reads-b", "has-b"),
        ("reads-l", "has-l"),
    ] {
        let outcome = analysis.implies(role(first), role(second));
        assert!(outcome.is_proved(), "{first} {second} {outcome:?}");
    }
}
