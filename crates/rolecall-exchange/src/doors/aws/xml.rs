//! XML of AWS' Query protocol.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, Response, StatusCode};
use quick_xml::escape::escape;

/// The namespace of the answers.
pub(super) const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// Returns an element with a text. Characters that XML cannot have become spaces.
pub(super) fn text(name: &str, text: &str) -> String {
    let text = text.replace(
        |c: char| c.is_control() || c == '\u{fffe}' || c == '\u{ffff}',
        " ",
    );
    format!("<{name}>{}</{name}>", escape(text.as_str()))
}

/// Returns an element around others.
pub(super) fn element(name: &str, inner: &str) -> String {
    format!("<{name}>{inner}</{name}>")
}

/// Returns the answer to an action.
pub(super) fn result(action: &str, inner: &str, request: &str) -> Response<Body> {
    let result = element(&format!("{action}Result"), inner);
    let metadata = element("ResponseMetadata", &text("RequestId", request));
    document(
        StatusCode::OK,
        &format!("{action}Response"),
        &format!("{result}{metadata}"),
    )
}

/// Returns a document with a root element.
pub(super) fn document(status: StatusCode, root: &str, inner: &str) -> Response<Body> {
    let mut response = Response::new(Body::from(format!(
        "<{root} xmlns=\"{NAMESPACE}\">{inner}</{root}>\n"
    )));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/xml"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn texts_are_escaped() {
        assert_eq!(
            text("A", "<b>&\"'\u{1}]]>"),
            "<A>&lt;b&gt;&amp;&quot;&apos; ]]&gt;</A>"
        );
    }
}
