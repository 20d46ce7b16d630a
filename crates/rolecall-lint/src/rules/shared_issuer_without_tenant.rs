//! Strangers get tokens of the issuer, and nothing asks whose token it is.

use crate::clause::{Asked, ClauseView};
use crate::finding::Finding;
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::stranger::{asks_for_tenant, stranger};
use rolecall_engine::ir::{Formula, Question};

pub(crate) static RULE: Rule = Rule {
    name: "shared-issuer-without-tenant",
    summary: "strangers get tokens of the issuer, and nothing asks whose token it is",
    category: Category::Identity,
    severity: Severity::High,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: None,
    page: include_str!("../../docs/shared-issuer-without-tenant.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    if !view.is_shared() {
        return;
    }
    // What is asked of tenants may be asked in one alternative alone, or be nothing that names one.
    let (besides, label) = match asks_for_tenant(view) {
        false => (Formula::always(), "whose token it is does not matter here"),
        true if view.asked.iter().any(|asked| is_of_tenant(view, asked)) => return,
        true => (
            stranger(view),
            "there is a way in that does not ask whose token it is",
        ),
    };
    let Some(witness) = linting.lets_in(view, besides) else {
        return;
    };
    let tenants = view
        .claims()
        .filter(|(claim, definition)| definition.tenant && !view.is_derived(*claim));
    let tenants: Vec<String> = tenants
        .map(|(claim, _)| format!("`{}`", view.name(claim)))
        .take(2)
        .collect();
    let url = &view.issuer.issuer.url;
    let message = format!(
        "`{}` goes to anybody who can run a job on `{url}`",
        view.role.name
    );
    linting.report(
        Finding::new(&RULE, view.head, message)
            .label(label)
            .help(format!(
                "ask for the project or its owner as well: compare {}",
                tenants.join(" or ")
            ))
            .witness(witness),
    );
}

/// Whether a comparison names tenants without which nobody gets in; of patterns for them, another rule says who fits.
fn is_of_tenant(view: &ClauseView<'_>, asked: &Asked<'_>) -> bool {
    let definition = view.definition(asked.atom.claim);
    let is_tenant = definition.is_some_and(|definition| definition.tenant);
    let is_pattern = matches!(asked.atom.question, Question::Pattern(_));
    is_tenant && asked.names() && (asked.required || is_pattern)
}
