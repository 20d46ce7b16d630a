//! Upstreams: the servers of a cloud that a door asks with a role token.
//!
//! Only the configuration says where a request goes: a client never chooses a host or a region.

use std::time::Duration;

use rolecall_engine::check_issuer_url;

use super::{DoorKind, DoorSettings, Life};
use crate::failure::Failure;

/// The part of an upstream's URL that stands for a region.
const REGION: &str = "{region}";
/// The maximum number of regions. They are asked in their order until one answers.
const MAX_REGIONS: usize = 4;
/// The longest time for all requests of an answer to upstreams: a job's request is answered within 30 s.
const MAX_TIME: Duration = Duration::from_secs(25);
/// The maximum length of an audience in bytes.
const MAX_AUDIENCE: usize = 512;

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
        let of_upstream = [
            ("reads", settings.reads.is_some()),
            ("bound_audience", settings.bound_audience.is_some()),
            ("timeout", settings.timeout.is_some()),
            ("exceed", settings.exceed.is_some()),
        ];
        if let Some((key, _)) = of_upstream.iter().find(|(_, is_set)| *is_set) {
            let message = format!("`doors.{name}.{key}` is set without `doors.{name}.upstream`");
            return Err(Failure::new(message).help("name the upstream, or remove the key"));
        }
        return Ok(Vec::new());
    };
    if !kind.takes_upstream() {
        return Err(Failure::new(format!(
            "{key} is set, and doors of the kind `{}` have none",
            kind.name()
        )));
    }
    if !kind.has_regions() && (upstream.contains(REGION) || !regions.is_empty()) {
        return Err(Failure::new(format!(
            "{key} has regions, and upstreams of the kind `{}` have none",
            kind.name()
        )));
    }
    if kind == DoorKind::Vault && settings.kv.is_some() {
        return Err(
            Failure::new(format!("`doors.{name}.kv` is set, and the door has an upstream"))
                .help("`kv` is of secrets served here: name the mounts at the upstream in `reads`"),
        );
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
        if url.ends_with('/') {
            return Err(
                Failure::new(format!("{key} is `{url}`, which ends with `/`")).help("remove the slash")
            );
        }
    }
    // Each region may be asked, and of Vault, three things: a token is looked up, renewed and revoked.
    let most = if kind == DoorKind::Vault { 3 } else { urls.len() };
    let time = settings.timeout.map_or(Duration::ZERO, Life::duration);
    let whole = time.checked_mul(u32::try_from(most).unwrap_or(u32::MAX));
    if whole.is_none_or(|whole| whole > MAX_TIME) {
        let message =
            format!("`doors.{name}.timeout` is too long: up to {most} requests wait for it in turn");
        return Err(Failure::new(message).help("a job's request must be answered in 25 seconds"));
    }
    Ok(urls)
}

/// Returns the audience that the upstream of a door accepts in role tokens; empty if the protocol says it.
///
/// # Errors
/// [`Failure`] if it is missing, if the kind of the door does not have it, or if it is not a plain text.
pub(super) fn bound_audience(name: &str, kind: DoorKind, settings: &DoorSettings) -> Result<String, Failure> {
    let key = format!("`doors.{name}.bound_audience`");
    let Some(upstream) = &settings.upstream else {
        return Ok(String::new());
    };
    match (kind, &settings.bound_audience) {
        (DoorKind::Vault | DoorKind::OctoSts, Some(audience)) => {
            let is_plain = audience.bytes().all(|byte| byte.is_ascii_graphic());
            if is_plain && (1..=MAX_AUDIENCE).contains(&audience.len()) {
                return Ok(audience.clone());
            }
            Err(Failure::new(format!(
                "{key} is not 1 to {MAX_AUDIENCE} visible ASCII characters"
            )))
        }
        (DoorKind::Vault, None) => Err(Failure::new(format!("{key} is missing"))
            .help("name an audience of `bound_audiences` of the roles in Vault, such as the URL of Vault")),
        // octo-sts accepts its own host by default.
        (DoorKind::OctoSts, None) => {
            let authority = upstream.split("//").nth(1).unwrap_or_default();
            let host = authority.split(['/', ':']).next().unwrap_or_default();
            Ok(host.to_owned())
        }
        (_, Some(_)) => Err(Failure::new(format!(
            "{key} is set, and the audience of the kind `{}` is always the same",
            kind.name()
        ))
        .help("remove it")),
        (_, None) => Ok(String::new()),
    }
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

    #[test]
    fn the_settings_of_an_upstream_need_one_and_fit_its_kind() {
        let settings = |upstream: Option<&str>, change: fn(&mut DoorSettings)| {
            let mut settings = DoorSettings {
                upstream: upstream.map(str::to_owned),
                ..DoorSettings::default()
            };
            change(&mut settings);
            settings
        };
        let checked = |kind, settings: &DoorSettings| {
            let urls = upstreams("x", kind, settings, false);
            let audience = urls.and_then(|_| bound_audience("x", kind, settings));
            audience.map_err(|failure| failure.to_string())
        };
        let audience = |settings: &mut DoorSettings| settings.bound_audience = Some("vault".to_owned());
        let vault = Some("https://vault.acme.example:8200");
        let octo = Some("https://octo.acme.example:8443/x");
        assert_eq!(
            checked(DoorKind::Vault, &settings(vault, audience)),
            Ok("vault".to_owned())
        );
        let host = Ok("octo.acme.example".to_owned());
        assert_eq!(checked(DoorKind::OctoSts, &settings(octo, |_| {})), host);
        let nothing: fn(&mut DoorSettings) = |_| {};
        for (kind, upstream, change, message) in [
            (DoorKind::Vault, vault, nothing, "is missing"),
            (DoorKind::Gcp, vault, audience, "always the same"),
            (DoorKind::Vault, None, audience, "without"),
            (
                DoorKind::Gcp,
                None,
                |it| it.exceed = Some(super::super::Exceed::Record),
                "without",
            ),
            (
                DoorKind::Gcp,
                None,
                |it| it.timeout = Some(Life::from_mins(1)),
                "without",
            ),
            (
                DoorKind::Gcp,
                vault,
                |it| it.timeout = Some(Life::from_mins(1)),
                "too long",
            ),
            (
                DoorKind::Vault,
                vault,
                |it| it.kv = Some("kv".to_owned()),
                "`reads`",
            ),
            (
                DoorKind::Vault,
                vault,
                |it| it.regions = vec!["a".to_owned()],
                "have none",
            ),
            (
                DoorKind::Gcp,
                Some("https://sts.example/"),
                |_| {},
                "ends with `/`",
            ),
            (
                DoorKind::Vault,
                vault,
                |it| it.bound_audience = Some("a b".to_owned()),
                "visible",
            ),
        ] {
            let error = checked(kind, &settings(upstream, change)).unwrap_err();
            assert!(error.contains(message), "{kind:?} {message}: {error}");
        }
    }
}
