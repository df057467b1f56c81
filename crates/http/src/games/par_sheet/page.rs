//! The sheet as a page: one file that needs nothing from elsewhere, for the screen and for A4 paper.

use std::fmt::Write as _;

use reelhouse_domain::game::ParSheet;

use super::chart::{grouped, rtp_bands};
use super::section::{Cell, Section};

/// How the page looks.
const STYLE: &str = include_str!("page.css");

/// The page of a sheet and its sections.
pub(super) fn write(sheet: &ParSheet, sections: &[Section]) -> String {
    let name = escape(&sheet.name);
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<title>PAR sheet: {name}</title>\n<style>{STYLE}</style>\n\
         </head>\n<body>\n<header>\n<p class=\"kind\">PAR sheet</p>\n<h1>{name}</h1>\n<p class=\"print\">fingerprint \
         <code>{}</code></p>\n</header>\n<main>\n",
        sheet.fingerprint
    );
    page += &tiles(sheet);
    page += &gaps(sheet);
    for section in sections.iter().filter(|section| !section.only_in_data) {
        page += &table(sheet, section);
    }
    page += "</main>\n<footer>Simulated play with test credits only. Exact figures are counted over the full cycle in \
             whole numbers; percents and decimals are rounded half up to 12 decimals. The same sheet is there as JSON \
             and as CSV.</footer>\n</body>\n</html>\n";
    page
}

/// The figures that are looked for first.
fn tiles(sheet: &ParSheet) -> String {
    let percent = |text: &str| format!("{}&nbsp;%", shortened(text, 4));
    let volatility = sheet.round.as_ref().and_then(|round| round.volatility_index.first());
    let found = [
        ("RTP", sheet.rtp.as_ref().map(|rtp| percent(&rtp.total.percent))),
        ("hold", sheet.hold.as_ref().map(|hold| percent(&hold.percent))),
        ("hit frequency", sheet.hit_frequency.as_ref().map(|hits| percent(&hits.probability.percent))),
        ("standard deviation", sheet.round.as_ref().map(|round| shortened(&round.standard_deviation, 3))),
        ("volatility index, 90 %", volatility.map(|one| shortened(&one.index, 2))),
        ("maximum win, stakes", sheet.max_win.as_ref().map(|wins| shortened(&wins.base.stakes.decimal, 1))),
    ];
    let mut html = String::new();
    for (name, value) in found.into_iter().filter_map(|(name, value)| Some((name, value?))) {
        let _ = write!(html, "<div><dt>{name}</dt><dd>{value}</dd></div>");
    }
    if html.is_empty() { html } else { format!("<dl class=\"tiles\">{html}</dl>\n") }
}

/// What the sheet lacks.
fn gaps(sheet: &ParSheet) -> String {
    let items: Vec<String> = sheet.not_computed.iter().map(|gap| format!("<li>{}</li>", escape(gap))).collect();
    if items.is_empty() {
        return String::new();
    }
    format!("<aside><h2>Not computed</h2><ul>{}</ul></aside>\n", items.concat())
}

fn table(sheet: &ParSheet, section: &Section) -> String {
    let mut html = format!(
        "<section id=\"{}\" class=\"{}{}\">\n",
        section.id,
        size(section),
        if is_facts(section) { " facts" } else { "" }
    );
    let _ = write!(html, "<h2>{}</h2>\n<p>{}</p>\n", escape(&section.title), escape(&section.note));
    if section.id == "rtp_bands" {
        html += &rtp_bands(sheet);
    }
    html += "<table>\n<thead><tr>";
    for (at, column) in section.columns.iter().enumerate() {
        let first = section.rows.iter().filter_map(|row| row.get(at)).find(|cell| **cell != Cell::Empty);
        let class = if matches!(first, Some(Cell::Number(_))) && !is_facts(section) { " class=\"n\"" } else { "" };
        let _ = write!(html, "<th{class}>{}</th>", escape(column));
    }
    html += "</tr></thead>\n<tbody>\n";
    for row in &section.rows {
        html += "<tr>";
        for cell in row {
            let _ = write!(html, "<td{}>{}</td>", class(cell), shown(cell));
        }
        html += "</tr>\n";
    }
    html + "</tbody>\n</table>\n</section>\n"
}

/// Whether the section is one of names and what they are.
fn is_facts(section: &Section) -> bool {
    section.columns == ["item", "value"]
}

/// Long tables may break over pages, short ones may not.
fn size(section: &Section) -> &'static str {
    if section.rows.len() > 24 { "long" } else { "short" }
}

const fn class(cell: &Cell) -> &'static str {
    match cell {
        Cell::Number(_) => " class=\"n\"",
        Cell::Fraction(_) => " class=\"f\"",
        Cell::Text(_) | Cell::Empty => "",
    }
}

/// A cell's text. Whole numbers have their digits in groups.
fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Number(number) if number.bytes().all(|byte| byte.is_ascii_digit()) => grouped(number),
        Cell::Number(number) => whole(number).map_or_else(|| escape(number), grouped),
        Cell::Fraction(text) => escape(text).replace('/', "/<wbr>"),
        cell => escape(cell.as_str()),
    }
}

/// The digits of a number whose twelve decimals are all 0.
fn whole(number: &str) -> Option<&str> {
    let (whole, decimals) = number.split_once('.')?;
    let digits = whole.bytes().all(|byte| byte.is_ascii_digit());
    (digits && decimals == "000000000000").then_some(whole)
}

/// A decimal rounded to fewer places, for a glance: the tables have all of it.
fn shortened(decimal: &str, places: usize) -> String {
    decimal.parse::<f64>().map_or_else(|_| escape(decimal), |value| format!("{value:.places$}"))
}

/// Text as HTML, for content and for quoted attributes.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\'' => escaped += "&#39;",
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_client_named_is_text() {
        assert_eq!(escape("<b a='x' c=\"y\">&amp;"), "&lt;b a=&#39;x&#39; c=&quot;y&quot;&gt;&amp;amp;");
        assert_eq!(shown(&Cell::text("1000")), "1000");
        assert_eq!(shown(&Cell::number(1000)), "1\u{202f}000");
        assert_eq!(shown(&Cell::number("2745.000000000000")), "2\u{202f}745");
        assert_eq!(shown(&Cell::number("0.0100")), "0.0100");
        assert_eq!(shown(&Cell::Fraction("1/3".to_owned())), "1/<wbr>3");
    }
}
