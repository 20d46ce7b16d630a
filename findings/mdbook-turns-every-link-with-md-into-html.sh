#!/usr/bin/env bash
# mdbook 0.5.4: a relative link in which `.md` is followed by anything becomes a link to `.html`, and the rest is lost.
#
# A link to a page, `page.md`, is meant to become `page.html`. The pattern for it does not ask for the end of the path. So links
# to `notes.md.txt`, `page.mdx` and `data.md5` lead to pages that do not exist, although mdBook copies these files to its
# output, and a picture below a folder called `x.md` becomes `x.html`. Nothing is reported.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cargo install --quiet --locked --root "$folder" --target-dir "$folder/target" --no-default-features mdbook@0.5.4

mkdir -p book/src/x.md
cd book
printf '[book]\ntitle = "finding"\n' >book.toml
printf -- '- [First](first.md)\n' >src/SUMMARY.md
for file in notes.md.txt page.mdx data.md5 x.md/y.png; do
    echo "text" >"src/$file"
done
cat >src/first.md <<'PAGE'
[notes](notes.md.txt) [page](page.mdx) [sum](data.md5) ![picture](x.md/y.png)
PAGE
"$folder/bin/mdbook" build 2>/dev/null
links=$(grep -oE '(href|src)="(notes|page|data|x)\.[^"]*"' book/first.html | sort -u | tr '\n' ' ')
echo "links: $links"
test "$links" = 'href="data.html" href="notes.html" href="page.html" src="x.html" '
test -e book/notes.md.txt && test -e book/page.mdx && test -e book/data.md5 && test -e book/x.md/y.png
