//! Widths: the tokens that a clause admits, as a step of a ladder. Each step is a question that the analysis decides.

use crate::ask;
use crate::clause::ClauseView;
use crate::context::RuleContext;
use crate::openness::Reason;
use crate::projects::of_new_project;
use crate::refs::{is_in_subject, unnamed, unprotected};
use crate::tenants::openness;
use rolecall_analysis::{Answer, Witness};
use rolecall_engine::ir::Formula;

/// The width of a way to get a role: the widest step that is not refuted.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Width {
    /// The step.
    pub step: Step,
    /// True if it is proved that the way is this wide. False if that was not decided, and each wider step is refuted.
    pub is_proved: bool,
    /// A token that shows it. None if no token gets the role this way, or if none was found.
    pub witness: Option<Box<Witness>>,
}

/// The steps, the widest first. A way with a step has none of the steps before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Every token of the issuer for the right audience gets the role.
    AnyToken,
    /// A tenant that the clause does not name gets the role.
    Strangers,
    /// A project that the clause does not name gets the role, of an owner or a group that it names.
    Group,
    /// A branch that the clause does not name gets the role, and need not be protected; or nothing in the tokens of the
    /// issuer is a ref.
    AnyRef,
    /// A ref that need not be protected gets the role; or the tokens of the issuer do not say which refs are protected.
    UnprotectedRef,
    /// A branch that the clause does not name gets the role if it is protected.
    ProtectedRef,
    /// Only refs that the clause names get the role, and only while they are protected.
    NamedRef,
    /// No token gets the role.
    NoToken,
}

impl Step {
    /// All steps, the widest first.
    pub const ALL: [Self; 8] = [
        Self::AnyToken,
        Self::Strangers,
        Self::Group,
        Self::AnyRef,
        Self::UnprotectedRef,
        Self::ProtectedRef,
        Self::NamedRef,
        Self::NoToken,
    ];
}

/// The answer to the question of a step.
enum Admitted {
    No,
    NotDecided,
    /// A token that gets the role, if it is another one than any token that does.
    Yes(Option<Box<Witness>>),
}

type Question = fn(&ClauseView<'_>, &mut RuleContext<'_, '_>) -> Admitted;

/// The questions, in the order of the steps.
const LADDER: [(Step, Question); 6] = [
    (Step::AnyToken, every_token),
    (Step::Strangers, a_stranger),
    (Step::Group, a_new_project),
    (Step::AnyRef, any_ref),
    (Step::UnprotectedRef, an_unprotected_ref),
    (Step::ProtectedRef, a_protected_ref),
];

/// Returns the width of a clause.
pub(crate) fn width(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Width {
    let always = Formula::always();
    let any = match context.asks(view, always.clone()) {
        Answer::Token(witness) => Some(witness),
        Answer::Nothing => {
            return Width {
                step: Step::NoToken,
                is_proved: true,
                witness: None,
            };
        }
        _ => context.sampled(view, &always),
    };
    for (step, question) in LADDER {
        let (is_proved, witness) = match question(view, context) {
            Admitted::No => continue,
            Admitted::NotDecided => (false, any),
            Admitted::Yes(witness) => {
                let witness = witness.or(any);
                (witness.is_some(), witness)
            }
        };
        return Width {
            step,
            is_proved,
            witness,
        };
    }
    Width {
        step: Step::NamedRef,
        is_proved: any.is_some(),
        witness: any,
    }
}

impl From<Answer> for Admitted {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Token(witness) => Self::Yes(Some(witness)),
            Answer::Nothing => Self::No,
            _ => Self::NotDecided,
        }
    }
}

/// Asks whether the clause refuses no token of its issuer.
fn every_token(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Admitted {
    match context.implies(
        view.clause.issuer,
        Formula::always(),
        vec![ask::whole(view.clause)],
    ) {
        true => Admitted::Yes(None),
        // If it was not decided, the tokens of the next step decide.
        false => Admitted::No,
    }
}

/// Asks for a tenant that the clause does not name.
fn a_stranger(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Admitted {
    let Some(open) = openness(view, context) else {
        return Admitted::No;
    };
    match (open.reason, &open.witness) {
        (Reason::Unclear(_) | Reason::Undecided, _) | (_, None) => Admitted::NotDecided,
        (_, Some(witness)) => Admitted::Yes(Some(witness.clone())),
    }
}

fn a_new_project(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Admitted {
    of_new_project(view, context).into()
}

fn any_ref(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Admitted {
    if is_in_subject(view) {
        return Admitted::NotDecided;
    }
    match view.code_ref() {
        Some(code_ref) => context
            .asks(view, ask::all([unnamed(view, code_ref), unprotected(view)]))
            .into(),
        None => Admitted::Yes(None),
    }
}

fn an_unprotected_ref(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Admitted {
    match view.claim("ref_protected") {
        Some(_) => context.asks(view, unprotected(view)).into(),
        None => Admitted::Yes(None),
    }
}

fn a_protected_ref(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Admitted {
    match view.code_ref() {
        Some(code_ref) => context.asks(view, unnamed(view, code_ref)).into(),
        None => Admitted::No,
    }
}
