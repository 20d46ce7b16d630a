//! tmp
use std::io::Read;
fn main() {
    let mut s = Vec::new();
    std::io::stdin().read_to_end(&mut s).unwrap();
    let p = rolecall_syntax::parse_bytes(&s);
    let t = String::from_utf8_lossy(&s);
    for e in &p.errors {
        let (l, c) = rolecall_syntax::line_column(&t, e.span.start);
        println!("{l}:{c} {e} [{}] help={:?}", e.span.text(&t), e.help());
    }
    if std::env::args().count() > 1 {
        println!("{:#?}", p.file);
    } else {
        println!("{} items", p.file.items.len());
    }
}
