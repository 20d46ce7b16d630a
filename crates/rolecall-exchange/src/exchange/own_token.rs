//! Role tokens that a door of the exchange takes again, such as the federated token of Google Cloud's protocol.
//!
//! Their audience names the door, so that no other door and no relying party takes them, and they carry the grants that
//! are asked for later: the job's claims, which fill them, are gone by then.

use std::time::Duration;

use rolecall::{Json, KeySet, VerifiedToken, Verifier};
use rolecall_engine::Issuer;
use serde_json::{Value, json};

use super::{Ask, Audience, Exchange, Grant, Refusal, Unavailable, Verified, Wanted, act};
use crate::audit::{Outcome, Record};
use crate::config::Door;
use crate::random;

/// The beginning of the audiences of such tokens.
const OWN: &str = "urn:rolecall:";

/// The longest lifetime of a role token, with the time by which its `iat` is before it.
const MAX_AGE: Duration = Duration::from_secs(2 * 24 * 60 * 60);

/// Returns the audience of tokens that only this door takes again.
pub(crate) fn own_audience(door: &Door) -> String {
    format!("{OWN}{}", door.id())
}

/// Returns the audience that a role grants. One of a door of the exchange cannot be granted.
pub(super) fn foreign(audience: Option<&str>) -> Result<&str, Refusal> {
    audience
        .filter(|audience| !audience.starts_with(OWN))
        .ok_or(Refusal::NoAudience)
}

/// Returns the texts of these grants, by name, as a role token carries them.
pub(super) fn carried(grant: &Grant, names: &[&str]) -> Option<Value> {
    if names.is_empty() {
        return None;
    }
    let texts = |name: &&str| ((*name).to_owned(), json!(grant.texts(name).collect::<Vec<_>>()));
    Some(Value::Object(names.iter().map(texts).collect()))
}

impl Exchange {
    /// Decides on a request with a role token that the same door issued, and records it.
    ///
    /// # Errors
    /// [`Refusal`] if the token is not accepted, does not carry the grant that is asked for, or something is not available.
    pub(crate) async fn grant_again(&self, ask: Ask<'_>) -> Result<Grant, Refusal> {
        let token = match self.verify_own(ask) {
            Ok(token) => token,
            Err(refusal) => return Err(self.refuse(ask, Verified::Nothing, refusal)),
        };
        match self.decide_again(ask, &token).await {
            Ok(grant) => Ok(grant),
            Err(refusal) => Err(self.refuse(ask, Verified::Token(&token), refusal)),
        }
    }

    /// Verifies a token of the door with the exchange's own keys.
    fn verify_own(&self, ask: Ask<'_>) -> Result<VerifiedToken, Refusal> {
        let now = self.now();
        let audience = vec![own_audience(ask.door)];
        let mut issuer = Issuer::new("rolecall-exchange", self.issuer.as_str(), "rolecall", audience);
        (issuer.leeway, issuer.max_age) = (Duration::ZERO, MAX_AGE);
        let unavailable = Refusal::Unavailable(Unavailable::SigningKey);
        let verifier = Verifier::new([issuer]).map_err(|_| unavailable.clone())?;
        let keys = self.keys.load().jwks(now).to_string();
        let keys = KeySet::parse(keys.as_bytes()).map_err(|_| unavailable)?;
        let verified = verifier
            .read(ask.token)
            .and_then(|token| token.verify(&keys, now));
        verified.map_err(Refusal::Token)
    }

    async fn decide_again(&self, ask: Ask<'_>, token: &VerifiedToken) -> Result<Grant, Refusal> {
        let now = self.now();
        let claims = token.claims().members();
        let role = claims.get("role").and_then(|role| role.as_text());
        let role = role.ok_or(Refusal::NoRole)?.to_owned();
        let act = act::of_own(token).ok_or(Refusal::LongChain)?;
        // A role or an issuer that was taken out of the policies ends what was issued for it.
        let policies = self.gate.policies();
        let job = act.get("iss").and_then(Value::as_str);
        let issuer = policies.issuers().find(|issuer| Some(issuer.url.as_str()) == job);
        let (Some(issuer), true) = (issuer, self.gate.has_role(&role)) else {
            return Err(Refusal::NoRole);
        };
        let issuer = issuer.name.clone();
        let grants = claims.get("grants").map(pairs).unwrap_or_default();
        let granted = |name: &str| {
            let mut texts = grants.iter().filter(|(known, _)| known == name);
            texts.next().map(|(_, text)| text.as_str())
        };
        let is_granted = match ask.wanted {
            Wanted::Grant {
                grant,
                value,
                role: None,
            } => grants.iter().any(|(name, text)| name == grant && text == value),
            Wanted::Grant { .. } | Wanted::Role(_) | Wanted::RoleWith { .. } => false,
        };
        if !is_granted {
            return Err(Refusal::NoRole);
        }
        let audience = match ask.audience {
            Audience::OfRole => foreign(granted("audience"))?,
            Audience::Is(audience) => audience,
            Audience::None => "",
        };
        let (life, token_life) = self.lives(ask, None, token.expires_at(), now)?;
        let id = random::identifier().map_err(|_| Refusal::Unavailable(Unavailable::Randomness))?;
        let record = Record {
            outcome: Outcome::Granted {
                role: &role,
                clause: None,
                audience,
                id: &id,
                life: life.as_secs(),
            },
            ..Self::record(ask, Some(token), now)
        };
        let written = self.audit.record(record.json()).await;
        written.map_err(|_| Refusal::Unavailable(Unavailable::Audit))?;
        let audience = audience.to_owned();
        Ok(Grant {
            id,
            role,
            grants,
            audience,
            issuer,
            now,
            life,
            token_life,
            act,
        })
    }
}

/// Returns the pairs of a carried object of lists.
fn pairs(grants: Json<'_>) -> Vec<(String, String)> {
    let Json::Object(members) = grants else {
        return Vec::new();
    };
    let mut pairs = Vec::new();
    for (name, texts) in members {
        if let Json::List(texts) = texts {
            let texts = texts.filter_map(|text| Some((name.to_owned(), text.as_text()?.to_owned())));
            pairs.extend(texts);
        }
    }
    pairs
}
