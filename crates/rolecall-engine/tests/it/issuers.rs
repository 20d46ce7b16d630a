//! The settings of issuers for a verifier.

use crate::support::compile;
use rolecall_engine::{Algorithm, Issuer, PolicySet, Source, TokenKind, built_in_profiles};

/// An issuer with these members, and a profile for JWT-SVIDs if there is no built-in one.
fn policy(members: &str) -> String {
    let has_built_in = built_in_profiles().any(|(name, _)| name == "spiffe");
    let profile = if has_built_in {
        ""
    } else {
        "profile spiffe { claim sub: text tenant }"
    };
    format!("{profile}\nissuer i {{ url \"https://i.example\" audience \"x\" {members} }}")
}

fn issuer(members: &str) -> Issuer {
    let set = compile(&policy(members));
    let issuer = set.issuers().next().expect("an issuer").clone();
    assert_eq!(
        issuer.tokens,
        set.program()
            .issuers()
            .values()
            .next()
            .expect("an issuer")
            .profile
            .tokens
    );
    issuer
}

#[test]
fn limits_and_parties_are_those_of_the_policy() {
    let issuer_of = |members: &str| issuer(&format!("profile generic {members}"));
    let plain = issuer_of("");
    assert_eq!((plain.subject_limit, plain.authorized_party), (2048, None));
    let set = issuer_of("subject_limit 255 authorized_party \"client\"");
    assert_eq!(
        (set.subject_limit, set.authorized_party.as_deref()),
        (255, Some("client"))
    );
    for limit in [1, 8192] {
        assert_eq!(issuer_of(&format!("subject_limit {limit}")).subject_limit, limit);
    }
}

/// The profile `spiffe` alone makes an issuer's tokens JWT-SVIDs: not another profile, and no member of an issuer.
#[test]
fn the_profile_decides_what_tokens_are() {
    for (name, _) in built_in_profiles().filter(|(name, _)| *name != "spiffe") {
        let plain = issuer(&format!("profile {name}"));
        assert_eq!(plain.tokens, TokenKind::IdToken, "{name}");
        assert_eq!(plain.algorithms, Algorithm::ALL);
    }
    let own = compile(
        "profile spiffe-of-ours { claim sub: text tenant }
        issuer i { url \"https://i.example\" audience \"x\" profile spiffe-of-ours }",
    );
    assert_eq!(
        own.issuers().next().map(|issuer| issuer.tokens),
        Some(TokenKind::IdToken)
    );
    assert_eq!(issuer("profile spiffe").tokens, TokenKind::JwtSvid);
}

#[test]
fn svids_are_never_signed_with_ed25519() {
    let all = Algorithm::ALL
        .into_iter()
        .filter(|algorithm| *algorithm != Algorithm::EdDSA);
    assert_eq!(issuer("profile spiffe").algorithms, all.collect::<Vec<_>>());
    assert_eq!(
        issuer("profile spiffe algorithms [ES256]").algorithms,
        [Algorithm::ES256]
    );
    let policy = policy("profile spiffe algorithms [ES256, EdDSA]");
    let error = PolicySet::compile([Source::new("i.policy", policy)]).expect_err("an error");
    let messages: Vec<&str> = error
        .diagnostics
        .iter()
        .map(|diagnostic| diagnostic.message.as_str())
        .collect();
    assert_eq!(messages, ["JWT-SVIDs are never signed with `EdDSA`"]);
    // Whoever builds an issuer without a policy cannot allow it either.
    let mut built = Issuer::new("i", "https://i.example", "spiffe", vec!["x".to_owned()]);
    assert!(built.allows(Algorithm::EdDSA));
    built.tokens = TokenKind::JwtSvid;
    assert!(!built.allows(Algorithm::EdDSA) && built.allows(Algorithm::RS256));
}
