//! A chart of how times grow, as SVG: both axes in powers of ten, each line with its name at its end.

#![allow(
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "places on a picture are not exact, and a chart has its lines"
)]

use crate::timing::{thousands, time};

/// Times for several numbers of roles.
#[derive(Debug)]
pub struct Line {
    /// The work or the engine.
    pub name: String,
    /// Numbers of roles and nanoseconds.
    pub points: Vec<(usize, f64)>,
}

const WIDTH: f64 = 880.0;
const HEIGHT: f64 = 560.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 560.0;
const TOP: f64 = 24.0;
const BOTTOM: f64 = 512.0;

/// The least distance of two names.
const LEADING: f64 = 17.0;

/// The first line stands out. On a dark page, it is light.
const STYLE: &str = "
text { font: 13px system-ui, sans-serif; fill: #57606a }
.grid { fill: none; stroke: #d0d7de; stroke-width: 1 }
.line { fill: none; stroke: #8c959f; stroke-width: 1.5 }
.leader { fill: none; stroke: #d0d7de; stroke-width: 1 }
.dot { fill: #8c959f }
.level { fill: none; stroke: #bc4c00; stroke-width: 1.5; stroke-dasharray: 5 4 }
text.level { stroke: none; fill: #bc4c00 }
.ours { stroke: #0969da; stroke-width: 3 }
.dot.ours { stroke: none; fill: #0969da }
text.ours { stroke: none; fill: #0969da; font-weight: 600 }
@media (prefers-color-scheme: dark) {
  text { fill: #9198a1 }
  .grid, .leader { stroke: #3d444d }
  .line { stroke: #6e7681 }
  .dot { fill: #6e7681 }
  .level { stroke: #f0883e }
  text.level { fill: #f0883e }
  .ours { stroke: #4493f8 }
  .dot.ours, text.ours { fill: #4493f8 }
}
";

/// Draws the lines, the first of which stands out, and a level to compare them with, if there is one.
pub fn growth(title: &str, lines: &[Line], level: Option<(&str, f64)>) -> String {
    let points = || lines.iter().flat_map(|line| &line.points);
    let mut drawing = Drawing {
        elements: Vec::new(),
        across: Scale::new(points().map(|(roles, _)| *roles as f64), LEFT, RIGHT),
        up: Scale::new(points().map(|(_, time)| *time), BOTTOM, TOP),
    };
    drawing.axes();
    // Ours is drawn last, over the others.
    let mut ends: Vec<End> = lines
        .iter()
        .skip(1)
        .rev()
        .map(|line| drawing.line(line, ""))
        .collect();
    if let Some((name, height)) = level {
        let y = drawing.up.place(height);
        drawing.polyline("level", &[(LEFT, y), (RIGHT, y)]);
        let name = format!("{name} · {}", time(height));
        ends.push(End {
            class: "level",
            name,
            y,
        });
    }
    ends.extend(lines.first().map(|line| drawing.line(line, "ours")));
    drawing.names(ends);
    let elements = drawing.elements.join("\n");
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{title}\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n{elements}\n</svg>\n"
    )
}

struct Drawing {
    elements: Vec<String>,
    across: Scale,
    up: Scale,
}

impl Drawing {
    fn polyline(&mut self, class: &str, points: &[(f64, f64)]) {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let points = points.join(" ");
        self.elements
            .push(format!("<polyline class=\"{class}\" points=\"{points}\"/>"));
    }

    fn text(&mut self, class: &str, anchor: &str, (x, y): (f64, f64), text: &str) {
        self.elements.push(format!(
            "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{text}</text>"
        ));
    }

    fn axes(&mut self) {
        for (power, y) in self.up.powers() {
            self.polyline("grid", &[(LEFT, y), (RIGHT, y)]);
            self.text("", "end", (LEFT - 8.0, y + 4.0), &whole(power));
        }
        for (power, x) in self.across.powers() {
            self.text("", "middle", (x, BOTTOM + 20.0), &thousands(power as usize));
        }
        self.text("", "middle", ((LEFT + RIGHT) / 2.0, BOTTOM + 40.0), "roles");
    }

    fn line(&mut self, line: &Line, class: &'static str) -> End {
        let place = |(roles, time): &(usize, f64)| (self.across.place(*roles as f64), self.up.place(*time));
        let points: Vec<(f64, f64)> = line.points.iter().map(place).collect();
        self.polyline(&format!("line {class}"), &points);
        for (x, y) in points {
            self.elements.push(format!(
                "<circle class=\"dot {class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\"/>"
            ));
        }
        let (_, last) = line.points.last().expect("a line has points");
        End {
            class,
            name: format!("{} · {}", line.name, time(*last)),
            y: self.up.place(*last),
        }
    }

    fn names(&mut self, mut ends: Vec<End>) {
        for (end, y) in apart(&mut ends) {
            let (from, to) = (RIGHT + 4.0, RIGHT + 22.0);
            self.polyline("leader", &[(from, end.y), (to, y)]);
            self.text(end.class, "start", (to + 4.0, y + 4.0), &end.name);
        }
    }
}

/// The end of a line.
struct End {
    class: &'static str,
    name: String,
    y: f64,
}

/// Returns the ends from top to bottom, with heights for their names that do not touch.
fn apart(ends: &mut [End]) -> Vec<(&End, f64)> {
    ends.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut heights: Vec<f64> = ends.iter().map(|end| end.y).collect();
    // Each name gives way to the one above it; where that leads below the chart, they all give way upwards again.
    for place in 1..heights.len() {
        heights[place] = heights[place].max(heights[place - 1] + LEADING);
    }
    let mut lowest = BOTTOM;
    for height in heights.iter_mut().rev() {
        *height = height.min(lowest);
        lowest = *height - LEADING;
    }
    ends.iter().zip(heights).collect()
}

/// Powers of ten along an axis.
struct Scale {
    low: f64,
    high: f64,
    start: f64,
    end: f64,
}

impl Scale {
    /// Creates a scale from the power of ten below the least value to the one above the greatest.
    fn new(values: impl Iterator<Item = f64>, start: f64, end: f64) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values {
            (low, high) = (low.min(value.log10().floor()), high.max(value.log10().ceil()));
        }
        Self {
            low,
            high,
            start,
            end,
        }
    }

    fn place(&self, value: f64) -> f64 {
        self.start + (value.log10() - self.low) / (self.high - self.low) * (self.end - self.start)
    }

    /// Returns the powers of ten and their places.
    fn powers(&self) -> Vec<(f64, f64)> {
        let powers = (self.low as i32..=self.high as i32).map(|power| 10_f64.powi(power));
        powers.map(|power| (power, self.place(power))).collect()
    }
}

/// Formats a power of ten of nanoseconds.
fn whole(nanoseconds: f64) -> String {
    match nanoseconds {
        ..1e3 => format!("{nanoseconds} ns"),
        ..1e6 => format!("{} µs", nanoseconds / 1e3),
        ..1e9 => format!("{} ms", nanoseconds / 1e6),
        _ => format!("{} s", nanoseconds / 1e9),
    }
}
