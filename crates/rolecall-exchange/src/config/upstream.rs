//! Upstreams: the servers of a cloud that a door asks with a role token.
//!
//! Only the configuration says where a request goes: a client never chooses a host or a region.

use rolecall_engine::check_issuer_url;

use super::{DoorKind, DoorSettings};
use crate::failure::Failure;

/// The part of an upstream's URL that stands for a region.
const REGION: &str = "{region}";
/// The maximum number of regions. They are asked in their order until one answers.
const MAX_REGIONS: usize = 4;

/// Returns the URLs of a door's upstream, one for each region; none if the door has no upstream.
///
/// # Errors
/// [`Failure`] if the kind of the door takes no upstream or needs one, or if a URL is not one to ask.
pub(super) fn upstreams(
    name: &str,
    kind: DoorKind,
    settings: &DoorSettings,
    loopback_http: bool,
) -> Result<Vec<String>, Failure> {
    let key = format!("`doors.{name}.upstream`");
    let regions = &settings.regions;
    let Some(upstream) = &settings.upstream else {
        if !regions.is_empty() {
            return Err(Failure::new(format!(
                "`doors.{name}.regions` is set without {key}"
            )));
        }
        if kind.needs_upstream() {
            return Err(Failure::new(format!("{key} is missing"))
                .help("name the service, such as `https://sts.{region}.amazonaws.com`, and its `regions`"));
        }
        return Ok(Vec::new());
    };
    if !kind.takes_upstream() {
        return Err(Failure::new(format!(
            "{key} is set, and doors of the kind `{}` have none",
            kind.name()
        )));
    }
    if upstream.contains(REGION) == regions.is_empty() {
        return Err(
            Failure::new(format!("`{REGION}` in {key} and `regions` need each other"))
                .help(format!("set both or neither in `[doors.{name}]`")),
        );
    }
    if regions.len() > MAX_REGIONS {
        return Err(Failure::new(format!(
            "`doors.{name}.regions` has more than {MAX_REGIONS} regions"
        )));
    }
    let is_region = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if let Some(region) = regions
        .iter()
        .find(|region| region.is_empty() || !region.bytes().all(is_region))
    {
        return Err(Failure::new(format!(
            "`doors.{name}.regions`: `{region}` is not a region"
        )));
    }
    let urls: Vec<String> = if regions.is_empty() {
        vec![upstream.clone()]
    } else {
        regions
            .iter()
            .map(|region| upstream.replace(REGION, region))
            .collect()
    };
    for url in &urls {
        check_issuer_url(url).map_err(|fault| Failure::new(format!("{key} is `{url}`: {fault}")))?;
        // Only a loopback host may have it.
        if url.starts_with("http://") && !loopback_http {
            return Err(Failure::new(format!("{key} is `{url}`, which is not https"))
                .help("for tests, set `fetch.allow_loopback_http`"));
        }
    }
    Ok(urls)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(kind: DoorKind, upstream: &str, regions: &[&str]) -> Result<Vec<String>, String> {
        let settings = DoorSettings {
            upstream: Some(upstream.to_owned()).filter(|url| !url.is_empty()),
            regions: regions.iter().map(ToString::to_string).collect(),
            ..DoorSettings::default()
        };
        upstreams("x", kind, &settings, false).map_err(|failure| failure.to_string())
    }

    #[test]
    fn only_the_configuration_says_where_a_request_goes() {
        let aws = "https://sts.{region}.amazonaws.com";
        assert_eq!(
            urls(DoorKind::Aws, aws, &["eu-central-1", "eu-west-1"]).unwrap(),
            [
                "https://sts.eu-central-1.amazonaws.com",
                "https://sts.eu-west-1.amazonaws.com"
            ]
        );
        assert_eq!(urls(DoorKind::Aws, "", &[]), Ok(Vec::new()));
        for (kind, upstream, regions, message) in [
            (DoorKind::Token, "https://a.example", vec![], "have none"),
            (DoorKind::Credentials, "", vec![], "is missing"),
            (DoorKind::Aws, "", vec!["eu-west-1"], "is set without"),
            (DoorKind::Aws, aws, vec![], "need each other"),
            (
                DoorKind::Aws,
                "https://a.example",
                vec!["eu-west-1"],
                "need each other",
            ),
            (DoorKind::Aws, aws, vec!["evil.example/"], "is not a region"),
            (DoorKind::Aws, aws, vec!["a", "b", "c", "d", "e"], "more than 4"),
            (DoorKind::Aws, "http://127.0.0.1:1", vec![], "is not https"),
            (DoorKind::Aws, "http://sts.amazonaws.com", vec![], "https"),
            (
                DoorKind::Aws,
                "https://user@a.example",
                vec![],
                "`https://user@a.example`",
            ),
        ] {
            let error = urls(kind, upstream, &regions).unwrap_err();
            assert!(error.contains(message), "{error}");
        }
    }
}
