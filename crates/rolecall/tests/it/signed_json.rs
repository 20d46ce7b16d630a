//! JSON that the issuer itself signed: also then there is one reading of it, or none.

use crate::outside::vectors;
use crate::support::{Attempt, code, text_claim};
use rolecall::Algorithm;
use serde_json::json;

/// A good header and good claims as text, each without its last brace.
fn open() -> [String; 2] {
    let attempt = Attempt::new(Algorithm::EdDSA);
    [attempt.header, attempt.claims].map(|object| object.to_string().trim_end_matches('}').to_owned())
}

/// What becomes of a token with this header, and of one with these claims.
fn codes(header: Vec<u8>, claims: Vec<u8>) -> [&'static str; 2] {
    let (mut bad_header, mut bad_claims) = (Attempt::new(Algorithm::EdDSA), Attempt::new(Algorithm::EdDSA));
    bad_header.header_bytes = Some(header);
    bad_claims.payload_bytes = Some(claims);
    [code(&bad_header.run()), code(&bad_claims.run())]
}

/// What becomes of a token with these bytes behind the members of its header, or of its claims.
fn with(member: &[u8]) -> [&'static str; 2] {
    let [header, claims] = open().map(|text| [text.as_bytes(), b",", member, b"}"].concat());
    codes(header, claims)
}

const ACCEPTED: [&str; 2] = ["accepted", "accepted"];
const REFUSED: [&str; 2] = ["header_not_json", "claims_not_json"];

/// One character in each way to write it.
fn escapes(c: char) -> Vec<String> {
    let code = u32::from(c);
    let mut all = vec![format!("\\u{code:04x}"), format!("\\u{code:04X}")];
    if c.is_ascii_graphic() && !matches!(c, '"' | '\\') {
        all.push(c.to_string());
    }
    if c == '/' {
        all.push("\\/".to_owned());
    }
    all
}

/// A member twice, however its name is spelled the second time, in front of the first one or behind it.
#[test]
fn a_second_spelling_of_a_name_is_the_same_name() {
    let mut tried = 0;
    for (place, name) in [
        (0, "alg"),
        (0, "kid"),
        (0, "typ"),
        (1, "iss"),
        (1, "sub"),
        (1, "aud"),
        (1, "exp"),
        (1, "iat"),
        (1, "nbf"),
        (1, "project_path"),
        (0, "x/y"),
        (1, "x/y"),
        (1, ""),
        (0, ""),
    ] {
        let known = !matches!(name, "x/y" | "");
        let mut spellings = vec![
            name.to_owned(),
            name.chars().map(|c| escapes(c)[0].clone()).collect(),
        ];
        for (at, c) in name.char_indices() {
            spellings.extend(
                escapes(c)
                    .iter()
                    .map(|escaped| format!("{}{escaped}{}", &name[..at], &name[at + 1..])),
            );
        }
        let text = &open()[place];
        for spelling in spellings {
            let first = if known {
                String::new()
            } else {
                format!(",\"{name}\":0")
            };
            for text in [
                format!("{text}{first},\"{spelling}\":0}}"),
                format!("{{\"{spelling}\":0,{}{first}}}", &text[1..]),
                format!("{text}{first},\"between\":[{{\"{name}\":[0]}}],\"{spelling}\":0}}"),
            ] {
                let codes = codes(text.clone().into_bytes(), text.clone().into_bytes());
                assert_eq!(codes[place], REFUSED[place], "{text}");
                tried += 1;
            }
        }
    }
    assert!(tried > 300, "{tried}");
}

/// A member twice at every depth that there is, in members and items that nobody reads.
#[test]
fn a_member_twice_is_found_at_any_depth() {
    for depth in 0..15 {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            for (first, second) in [
                ("x", "x"),
                ("x", "\\u0078"),
                ("", ""),
                ("\\ud83d\\ude00", "😀"),
                ("\\n", "\\u000a"),
                ("é", "\\u00E9"),
            ] {
                for values in [
                    ["0", "0"],
                    ["0", "1"],
                    ["\"good\"", "\"evil\""],
                    ["[{}]", "{}"],
                    ["null", "null"],
                ] {
                    let twice = format!(
                        "{{\"{first}\":{},\"y\":[0],\"{second}\":{}}}",
                        values[0], values[1]
                    );
                    let text = format!(
                        "\"deep\":{}{twice}{}",
                        open.repeat(depth.min(13)),
                        close.repeat(depth.min(13))
                    );
                    assert_eq!(with(text.as_bytes()), REFUSED, "{text}");
                }
            }
        }
    }
}

/// Names that are no other names: in other objects, in other letters, in another form of Unicode.
#[test]
fn names_that_differ_are_never_merged() {
    for members in [
        r#""a":{"a":{"a":0}},"b":[{"a":0},{"a":0}]"#,
        r#""a":0,"A":0,"\u0061a":0,"":0," ":0,"a ":0,"\u0000":0,"a\u0000":0"#,
        r#""é":0,"e\u0301":0,"É":0,"\u0301e":0"#,
        r#""K":0,"\u212a":0,"k":0,"\ufb01":0,"fi":0,"ß":0,"ss":0,"\u0131":0,"i":0"#,
        r#""ISS":0,"Iss":0,"Alg":0,"ALG":0,"sub ":0,"\u200bexp":0"#,
        r#""__proto__":0,"constructor":0,"a.b":0,"a[0]":0,"a":{"b":0},"$ref":0"#,
        r#""12345678":0,"123456781":0,"1234567812345678":0,"8":0,"87654321":0"#,
    ] {
        assert_eq!(with(members.as_bytes()), ACCEPTED, "{members}");
    }
    let mut attempt = Attempt::new(Algorithm::EdDSA);
    for (name, text) in [
        ("\u{e9}", "one"),
        ("e\u{301}", "two"),
        ("ISS", "three"),
        ("Iss", "four"),
        ("a.b", "five"),
        ("", "six"),
    ] {
        attempt.claims[name] = json!(text);
    }
    let token = attempt.run().unwrap();
    for (name, text) in [
        ("\u{e9}", "one"),
        ("e\u{301}", "two"),
        ("ISS", "three"),
        ("Iss", "four"),
        ("a.b", "five"),
        ("", "six"),
    ] {
        assert_eq!(text_claim(&token, name).as_deref(), Some(text), "{name}");
    }
}

/// Bytes that are no UTF-8, in a name and in a value that nobody reads.
#[rustfmt::skip]
const BYTES: &[(&str, &[u8])] = &[
    ("lone continuation", b"\x80"), ("last continuation", b"\xbf"), ("two continuations", b"\x80\xbf"),
    ("start of two", b"\xc3"), ("start of three", b"\xe2\x82"), ("start of four", b"\xf0\x9f\x98"),
    ("start and a letter", b"\xc3a"), ("two starts", b"\xc3\xc3\xa9"), ("Latin-1", b"caf\xe9"),
    ("zero in two bytes", b"\xc0\x80"), ("slash in two bytes", b"\xc0\xaf"), ("quote in two bytes", b"\xc0\xa2"),
    ("last in two bytes", b"\xc1\xbf"), ("slash in three bytes", b"\xe0\x80\xaf"), ("last in three bytes", b"\xe0\x9f\xbf"),
    ("slash in four bytes", b"\xf0\x80\x80\xaf"), ("last in four bytes", b"\xf0\x8f\xbf\xbf"),
    ("first half of a pair", b"\xed\xa0\x80"), ("second half of a pair", b"\xed\xb0\x80"), ("last half of a pair", b"\xed\xbf\xbf"),
    ("pair in six bytes", b"\xed\xa0\xbd\xed\xb8\x80"), ("beyond Unicode", b"\xf4\x90\x80\x80"), ("far beyond Unicode", b"\xf7\xbf\xbf\xbf"),
    ("five bytes", b"\xf8\x88\x80\x80\x80"), ("six bytes", b"\xfc\x84\x80\x80\x80\x80"), ("FE", b"\xfe"), ("FF", b"\xff"),
    ("mark of UTF-16", b"\xfe\xff"), ("mark of UTF-16, turned", b"\xff\xfe"), ("Windows quotes", b"\x93x\x94"), ("Shift JIS", b"\x83\x65"),
];

#[test]
fn all_text_is_utf_8() {
    for (name, bytes) in BYTES {
        for member in [
            [b"\"x\":\"", *bytes, b"\""].concat(),
            [b"\"", *bytes, b"\":0"].concat(),
            [b"\"x\":[{\"", *bytes, b"\":[\"", bytes, b"\"]}]"].concat(),
            [b"\"x\":\"\\u0041", *bytes, b"\\n\""].concat(),
            [b"\"x\":0", *bytes].concat(),
        ] {
            assert_eq!(with(&member), REFUSED, "{name}");
        }
    }
}

#[test]
fn half_a_character_is_no_character() {
    for text in [
        r"\ud800",
        r"\udbff",
        r"\udc00",
        r"\udfff",
        r"\uD800",
        r"\uDFFF",
        r"x\ud800y",
        r"\ud800x",
        r"\ud800\n",
        r"\ud800\ud800",
        r"\udc00\ud800",
        r"\ud800\u0041",
        r"\ud83d\\ude00",
        r"\ud83d \ude00",
        r"\ud83d\u00de00",
        r"\ud800\udc00\udc00",
        r"\ud800\ud800\udc00",
        r"\ud83d😀",
        r"\ud83d\u",
        r"\ud83d\ude0",
        r"\ud83d\",
    ] {
        for member in [
            format!("\"x\":\"{text}\""),
            format!("\"{text}\":0"),
            format!("\"x\":[[\"{text}\"]]"),
        ] {
            assert_eq!(with(member.as_bytes()), REFUSED, "{member}");
        }
    }
}

type Shape = fn(&str) -> Vec<u8>;

/// A good document in another encoding, with something around it, or in the JSON of somebody else. The codes are those of
/// claims; a header is refused in the same way.
#[rustfmt::skip]
const TABLE: &[(&str, &str, Shape)] = &[
    ("UTF-16", "claims_not_json", |t| t.encode_utf16().flat_map(u16::to_be_bytes).collect()),
    ("UTF-16, turned", "claims_not_json", |t| t.encode_utf16().flat_map(u16::to_le_bytes).collect()),
    ("UTF-16 with its mark", "claims_not_json", |t| format!("\u{feff}{t}").encode_utf16().flat_map(u16::to_be_bytes).collect()),
    ("UTF-32", "claims_not_json", |t| t.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect()),
    ("byte order mark", "claims_not_json", |t| around("\u{feff}", t, "")),
    ("byte order mark behind", "claims_not_json", |t| around("", t, "\u{feff}")),
    ("two documents", "claims_not_json", |t| around(t, "", t)),
    ("two documents with a newline", "claims_not_json", |t| around(t, "\n", t)),
    ("record separator", "claims_not_json", |t| around("\u{1e}", t, "\n")),
    ("zero byte behind", "claims_not_json", |t| around("", t, "\0")),
    ("zero byte in front", "claims_not_json", |t| around("\0", t, "")),
    ("letter behind", "claims_not_json", |t| around("", t, "x")),
    ("brace behind", "claims_not_json", |t| around("", t, "}")),
    ("comma behind", "claims_not_json", |t| around("", t, ",")),
    ("semicolon behind", "claims_not_json", |t| around("", t, ";")),
    ("comment behind", "claims_not_json", |t| around("", t, "//x")),
    ("comment in front", "claims_not_json", |t| around("/**/", t, "")),
    ("comment of a hash", "claims_not_json", |t| around("#x\n", t, "")),
    ("comment inside", "claims_not_json", |t| inside(t, ",", ",/*,*/")),
    ("guard against scripts", "claims_not_json", |t| around(")]}',\n", t, "")),
    ("call of a function", "claims_not_json", |t| around("x(", t, ")")),
    ("assignment", "claims_not_json", |t| around("x=", t, "")),
    ("list around it", "claims_not_json", |t| around("[", t, "]")),
    ("quotes around it", "claims_not_json", |t| json!(t).to_string().into_bytes()),
    ("no last brace", "claims_not_json", |t| t.as_bytes()[..t.len() - 1].to_vec()),
    ("no first brace", "claims_not_json", |t| t.as_bytes()[1..].to_vec()),
    ("comma too many", "claims_not_json", |t| inside(t, "}", ",}")),
    ("comma too many in front", "claims_not_json", |t| inside(t, "{", "{,")),
    ("two commas", "claims_not_json", |t| inside(t, ",", ",,")),
    ("no comma", "claims_not_json", |t| inside(t, ",", " ")),
    ("equals sign for a colon", "claims_not_json", |t| inside(t, ":", "=")),
    ("two colons", "claims_not_json", |t| inside(t, ":", "::")),
    ("single quotes", "claims_not_json", |t| t.replace('"', "'").into_bytes()),
    ("name without quotes", "claims_not_json", |t| inside(t, "\"a", "a")),
    ("typographic quotes", "claims_not_json", |t| t.replacen('"', "\u{201c}", 2).into_bytes()),
    ("no-break space", "claims_not_json", |t| inside(t, ",", ",\u{a0}")),
    ("form feed", "claims_not_json", |t| inside(t, ",", ",\u{c}")),
    ("vertical tab", "claims_not_json", |t| inside(t, ",", ",\u{b}")),
    ("line separator", "claims_not_json", |t| inside(t, ",", ",\u{2028}")),
    ("newline in a text", "claims_not_json", |t| inside(t, "\":\"", "\":\"\n")),
    ("tab in a text", "claims_not_json", |t| inside(t, "\":\"", "\":\"\t")),
    ("zero in a text", "claims_not_json", |t| inside(t, "\":\"", "\":\"\0")),
    ("escape of a zero", "claims_not_json", |t| inside(t, "\":\"", "\":\"\\0")),
    ("escape of a quote", "claims_not_json", |t| inside(t, "\":\"", "\":\"\\'")),
    ("escape of an x", "claims_not_json", |t| inside(t, "\":\"", "\":\"\\x41")),
    ("escape with a brace", "claims_not_json", |t| inside(t, "\":\"", "\":\"\\u{41}")),
    ("escape with a capital", "claims_not_json", |t| inside(t, "\":\"", "\":\"\\U0041")),
];

fn around(before: &str, text: &str, after: &str) -> Vec<u8> {
    [before, text, after].concat().into_bytes()
}

fn inside(text: &str, from: &str, to: &str) -> Vec<u8> {
    assert!(text.contains(from));
    text.replacen(from, to, 1).into_bytes()
}

#[test]
fn only_one_document_is_one_document() {
    let documents = || open().map(|text| format!("{text}}}"));
    for (name, expected, shape) in TABLE {
        let [header, claims] = documents().map(|text| shape(&text));
        assert_eq!(codes(header, claims), ["header_not_json", *expected], "{name}");
    }
    // Space of the four kinds is none of these.
    let [header, claims] =
        documents().map(|text| format!("\t\r\n {} \n", text.replace(',', " ,\n\t")).into_bytes());
    assert_eq!(codes(header, claims), ACCEPTED);
}

fn suite(folder: &str) -> Vec<(String, Vec<u8>)> {
    let Some(path) = vectors(&format!("jsontestsuite/{folder}")) else {
        return vec![];
    };
    let files = std::fs::read_dir(path).unwrap().map(|file| file.unwrap().path());
    files
        .map(|path| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                std::fs::read(path).unwrap(),
            )
        })
        .collect()
}

/// Each body of JSONTestSuite as a whole header and as the whole claims: what is JSON is refused for what it lacks, and
/// for nothing else; what is none, for that.
#[test]
fn bodies_of_the_suite_as_header_and_claims() {
    for (name, body) in suite("test_parsing").into_iter().chain(suite("test_transform")) {
        let is_object = body.trim_ascii_start().starts_with(b"{");
        let is_json =
            name.starts_with("y_") && !name.contains("duplicated_key") || name.starts_with("object_key_");
        let expected = match body.len() {
            0 => ["malformed_token"; 2],
            100_000.. => ["token_too_large"; 2],
            _ if is_object && is_json => ["missing_header", "missing_claim"],
            _ => REFUSED,
        };
        assert_eq!(codes(body.clone(), body), expected, "{name}");
    }
}

/// Each body as the value of one more member: what is JSON makes no difference, and of what the suite leaves open these
/// five are numbers that nothing is equal to.
#[test]
fn bodies_of_the_suite_as_members() {
    let open = [
        "i_number_double_huge_neg_exp.json",
        "i_number_real_underflow.json",
        "i_number_too_big_neg_int.json",
        "i_number_too_big_pos_int.json",
        "i_number_very_big_negative_int.json",
    ];
    for (name, body) in suite("test_parsing") {
        let accepted =
            name.starts_with("y_") && !name.contains("duplicated_key") || open.contains(&name.as_str());
        if body.len() < 2000 {
            let found = with(&[b"\"x\":", body.as_slice()].concat());
            assert_eq!(found == ACCEPTED, accepted, "{name}: {found:?}");
        }
    }
}
