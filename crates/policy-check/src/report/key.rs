//! One entry of a key set, with a verdict.

use rolecall::{Algorithm, Key, KeySet, SkipReason, SkippedKey, TokenKind};
use rolecall_report::location;
use rolecall_report::printable::{printable, shortened};
use rolecall_report::style::{BAD, DOUBT, FAINT, GOOD, STRONG, paint};
use serde::Serialize;

/// The maximum width of a `kid` that is not cut: that of a thumbprint, which many issuers use. Next to it all
/// RSA algorithms fit into 100 columns.
const WIDEST_KID: usize = 43;

/// The maximum width of a reason that is not cut.
const WIDEST_REASON: usize = 90;

/// One entry of a key set, with a verdict.
#[derive(Debug, Serialize)]
pub(crate) struct KeyReport {
    index: usize,
    kid: Option<String>,
    verdict: Verdict,
    #[serde(flatten)]
    evidence: Evidence,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    Usable,
    Ignored,
    Finding,
    Alarm,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Evidence {
    Usable {
        kind: &'static str,
        bits: usize,
        algorithms: Vec<&'static str>,
        tokens: &'static str,
        thumbprint: String,
    },
    Ignored {
        reason: ReasonReport,
    },
}

#[derive(Debug, Serialize)]
struct ReasonReport {
    code: &'static str,
    message: String,
}

/// The code of JWT-SVIDs.
const SVIDS: &str = "jwt_svid";

/// Returns the code of a kind of tokens.
fn tokens(tokens: TokenKind) -> &'static str {
    match tokens {
        TokenKind::JwtSvid => SVIDS,
        _ => "id_token",
    }
}

/// Returns the entries of a set, in its order.
pub(crate) fn entries(set: &KeySet) -> Vec<KeyReport> {
    let (mut keys, mut skipped) = (set.keys(), set.skipped().peekable());
    let mut entries = Vec::new();
    loop {
        let position = entries.len();
        let entry = match skipped.next_if(|skipped| skipped.position == position) {
            Some(skipped) => KeyReport::ignored(skipped),
            None => match keys.next() {
                Some(key) => KeyReport::usable(position, key),
                None => return entries,
            },
        };
        entries.push(entry);
    }
}

impl KeyReport {
    fn usable(position: usize, key: &Key) -> Self {
        Self {
            index: location::position(position),
            kid: key.kid().map(str::to_owned),
            verdict: Verdict::Usable,
            evidence: Evidence::Usable {
                kind: key.kind(),
                bits: key.bits(),
                algorithms: key.algorithms().map(Algorithm::name).collect(),
                tokens: tokens(key.tokens()),
                thumbprint: key.thumbprint().to_string(),
            },
        }
    }

    fn ignored(skipped: &SkippedKey) -> Self {
        Self {
            index: location::position(skipped.position),
            kid: skipped.kid.clone(),
            verdict: Verdict::on(&skipped.reason),
            evidence: Evidence::Ignored {
                reason: ReasonReport {
                    code: skipped.reason.code(),
                    message: skipped.reason.to_string(),
                },
            },
        }
    }

    pub(crate) fn is_finding(&self) -> bool {
        matches!(self.verdict, Verdict::Finding | Verdict::Alarm)
    }

    pub(crate) fn is_alarm(&self) -> bool {
        self.verdict == Verdict::Alarm
    }

    /// Returns the width of the name in columns.
    pub(crate) fn width(&self) -> usize {
        self.name().chars().count()
    }

    fn name(&self) -> String {
        match &self.kid {
            Some(kid) => shortened(&printable(kid), WIDEST_KID).into_owned(),
            None => format!("entry {}, without a `kid`", self.index),
        }
    }

    /// Writes two lines: the key, and its thumbprint or the problem.
    pub(crate) fn write(&self, width: usize, text: &mut String) {
        let verdict = match self.verdict {
            Verdict::Usable => paint(GOOD, "usable "),
            Verdict::Ignored => paint(FAINT, "ignored"),
            Verdict::Finding => paint(DOUBT, "finding"),
            Verdict::Alarm => paint(BAD, "ALARM  "),
        };
        let name = self.name();
        match &self.evidence {
            Evidence::Usable {
                kind,
                bits,
                algorithms,
                tokens,
                thumbprint,
            } => {
                let kind = match *kind {
                    "RSA" => format!("RSA {bits}"),
                    curve => curve.to_owned(),
                };
                let (name, algorithms) = (paint(STRONG, format!("{name:<width$}")), algorithms.join(" "));
                let tokens = match *tokens {
                    SVIDS => "  for JWT-SVIDs",
                    _ => "",
                };
                text.push_str(&format!("{verdict}  {name}  {kind:<8}  {algorithms}{tokens}\n"));
                text.push_str(&format!(
                    "         {}\n",
                    paint(FAINT, format!("thumbprint {thumbprint}"))
                ));
            }
            Evidence::Ignored { reason } => {
                let message = printable(&reason.message);
                let message = shortened(&message, WIDEST_REASON);
                text.push_str(&format!(
                    "{verdict}  {}\n         {message}\n",
                    paint(STRONG, name)
                ));
            }
        }
    }
}

impl Verdict {
    /// Returns the verdict for a skipped entry. A reason that is unknown here counts as a finding.
    fn on(reason: &SkipReason) -> Self {
        match reason {
            SkipReason::NotForVerifying
            | SkipReason::Repeated { .. }
            | SkipReason::UnsupportedAlgorithm { .. }
            | SkipReason::UnsupportedCurve { .. }
            | SkipReason::UnsupportedKeyType { .. }
            | SkipReason::WrongUse { .. } => Self::Ignored,
            SkipReason::PrivateKey | SkipReason::Symmetric => Self::Alarm,
            _ => Self::Finding,
        }
    }
}
