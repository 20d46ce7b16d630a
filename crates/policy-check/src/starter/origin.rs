//! The project of a clone, by the URL of its remote `origin`.

/// The host and the path of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    pub(super) host: String,
    pub(super) project: String,
}

impl Origin {
    /// Returns the project at a URL of git: `https://HOST/PATH.git`, `ssh://git@HOST:PORT/PATH`, or `git@HOST:PATH`.
    pub(super) fn of(url: &str) -> Option<Self> {
        let (host, path) = match url.split_once("://") {
            Some((scheme, rest)) => {
                let (authority, path) = rest.split_once('/')?;
                // Of a URL with a port, only one of HTTPS has the same port for its tokens.
                let host = authority.rsplit('@').next()?;
                let name = host.split(':').next()?;
                (if scheme == "https" { host } else { name }, path)
            }
            None => {
                let (authority, path) = url.split_once(':')?;
                (authority.rsplit('@').next()?, path)
            }
        };
        let host = host.strip_suffix(":443").unwrap_or(host);
        let path = path.trim_matches('/');
        let project = path.strip_suffix(".git").unwrap_or(path);
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        // One letter is a drive of Windows.
        let is_host = host.len() > 1 && host.chars().all(|c| is_word(c) || c == ':');
        let mut parts = project.split('/');
        let is_project =
            parts.clone().count() > 1 && parts.all(|part| !part.is_empty() && part.chars().all(is_word));
        (is_host && is_project).then(|| Self {
            host: host.to_ascii_lowercase(),
            project: project.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_of_remotes() {
        for (url, expected) in [
            ("https://gitlab.com/acme/shop.git", "gitlab.com acme/shop"),
            (
                "https://gitlab.acme.example:8443/acme/web/shop/",
                "gitlab.acme.example:8443 acme/web/shop",
            ),
            (
                "https://ci:secret@GitLab.com/acme/shop.git",
                "gitlab.com acme/shop",
            ),
            (
                "ssh://git@gitlab.acme.example:2222/acme/shop.git",
                "gitlab.acme.example acme/shop",
            ),
            ("git@github.com:acme/shop.git", "github.com acme/shop"),
            ("/srv/git/shop.git", ""),
            ("../shop", ""),
            ("https://gitlab.com/shop.git", ""),
            ("https://gitlab.com/acme/sh op.git", ""),
            ("C:/git/shop", ""),
        ] {
            let found = Origin::of(url).map_or(String::new(), |origin| {
                format!("{} {}", origin.host, origin.project)
            });
            assert_eq!(found.to_lowercase(), expected.to_lowercase(), "{url}");
        }
    }
}
