//! Tests of the engine's check of found tokens: it must reject every token for which the query does not hold.

use super::Query;
use rolecall_engine::ir::{Goal, Statement};
use rolecall_engine::{Object, PolicySet, Source, Truth, UnverifiedClaims, Value};

#[test]
fn a_token_that_does_not_show_it_is_noticed() {
    let policy = r#"
        issuer i { url "https://i.example" profile generic audience "x" }
        issuer j { url "https://j.example" profile generic audience "x" }
        role a { allow from i when sub == "a" }
        role b { allow from i when jti == "b" }
        assert "said" { a implies jti == "c" }
    "#;
    let set = PolicySet::compile([Source::new("p", policy)]).expect("a policy set");
    let mut token = Object::new();
    for (name, value) in [
        ("iss", "https://i.example"),
        ("aud", "x"),
        ("sub", "a"),
        ("jti", "c"),
    ] {
        token.set(name, Value::from(value));
    }
    token.set("iat", Value::Int(1));
    token.set("exp", Value::Int(2));
    let claims = UnverifiedClaims::new(token);
    let Statement::Implies(_, goal) = &set.program().assertions()[0].statement else {
        panic!("an implication");
    };
    let issuer = set.program().issuer("i").expect("an issuer");
    let role = |name| set.program().role(name).expect("a role");
    let holds = |query: Query<'_>| {
        query
            .holds(&set, issuer, &claims, &|_| Truth::Unknown)
            .expect("no disagreement")
    };
    // The token gets `a` and not `b`.
    let (a, b) = (|| Query::Gets(role("a")), || Query::Gets(role("b")));
    let not = |query| Query::Not(Box::new(query));
    assert!(holds(a()) && !holds(b()) && !holds(not(a())) && holds(not(b())));
    assert!(holds(a().and_not(b())) && !holds(a().and(b())) && !holds(b().and_not(a())));
    assert!(
        holds(Query::gets_one(&[role("b"), role("a")]))
            && !holds(Query::gets_one(&[role("b")]))
            && !holds(Query::gets_one(&[]))
    );
    assert!(holds(Query::Fulfils(goal)) && holds(Query::Fulfils(&Goal::Role(role("a")))));
    assert!(!holds(Query::Fulfils(&Goal::Role(role("b")))));
    let other = set.program().issuer("j").expect("another issuer");
    // A goal says nothing of the tokens of other issuers.
    assert!(
        !Query::Fulfils(goal)
            .holds(&set, other, &claims, &|_| Truth::Unknown)
            .expect("no disagreement")
    );
}
