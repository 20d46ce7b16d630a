//! The subject is compared where other claims say the same.

use crate::clause::ClauseView;
use crate::finding::Finding;
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    name: "sub-instead-of-claims",
    summary: "the subject is compared, although claims of their own say what is in it",
    category: Category::Identity,
    severity: Severity::Low,
    confidence: Confidence::High,
    persona: Persona::Pedantic,
    fix: None,
    page: include_str!("../../docs/sub-instead-of-claims.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    let Some(sub) = view.claim("sub").filter(|claim| view.is_derived(*claim)) else {
        return;
    };
    let derivations = view
        .issuer
        .derivations
        .iter()
        .filter(|derivation| derivation.claim == sub);
    let parts = derivations.flat_map(|derivation| derivation.template.claims().map(|(claim, _)| claim));
    let mut names: Vec<String> = Vec::new();
    for name in parts.map(|claim| format!("`{}`", view.name(claim))) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.truncate(4);
    for asked in view.asked(sub).filter(|asked| asked.names()) {
        let location = asked.atom.location;
        linting.report(
            Finding::new(
                &RULE,
                location,
                format!("`{}` depends on the layout of `sub`", linting.text(location)),
            )
            .label("each project may choose the layout")
            .help(format!(
                "compare the claims that it is made of, such as {}",
                names.join(", ")
            )),
        );
    }
}
