//! Discovery documents (OpenID Connect Discovery 1.0).

use rolecall_engine::{Document, JsonLimits};

use crate::keys::fetch_error::FetchError;
use crate::member::member;

/// Returns the URL of an issuer's discovery document, which is below the issuer's own path (section 4).
pub(super) fn url(issuer: &str) -> String {
    let base = issuer.strip_suffix('/').unwrap_or(issuer);
    format!("{base}/.well-known/openid-configuration")
}

/// Returns the `jwks_uri` of an issuer's discovery document.
///
/// A document of another issuer is refused (section 4.3): its author could otherwise speak for this one. The
/// algorithms that the document lists are ignored: the configuration decides.
pub(super) fn jwks_uri(document: Vec<u8>, issuer: &str) -> Result<String, FetchError> {
    let document = Document::parse(document, &JsonLimits::CLAIMS).map_err(FetchError::NotJson)?;
    let text = |name| member(&document.members(), name).and_then(|value| value.as_text());
    if text("issuer") != Some(issuer) {
        return Err(FetchError::DiscoveryIssuer);
    }
    let jwks_uri = text("jwks_uri").ok_or(FetchError::DiscoveryJwksUri)?;
    Ok(jwks_uri.to_owned())
}

#[cfg(test)]
mod tests {
    use super::url;

    #[test]
    fn discovery_is_asked_for_below_the_issuer() {
        let rows = [
            ("https://ci.example", "https://ci.example"),
            ("https://ci.example/", "https://ci.example"),
            ("https://ci.example//", "https://ci.example/"),
            ("https://ci.example/a/b", "https://ci.example/a/b"),
            ("https://ci.example/a/b/", "https://ci.example/a/b"),
        ];
        for (issuer, base) in rows {
            assert_eq!(url(issuer), format!("{base}/.well-known/openid-configuration"));
        }
    }
}
