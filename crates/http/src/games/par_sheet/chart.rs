//! The pictures of the page, as SVG: how the RTP bands narrow with the number of games.

use std::fmt::Write as _;

use reelhouse_domain::game::ParSheet;

/// The size of the picture.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 220.0;
/// Where the plot begins and ends in it.
const LEFT: f64 = 52.0;
const RIGHT: f64 = 628.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 186.0;

/// The bands as nested bars around the RTP, one group per number of games; empty when there are none.
///
/// Only positions are floats: every number that is written comes as text from the sheet.
pub(super) fn rtp_bands(sheet: &ParSheet) -> String {
    let number = |text: &str| text.parse::<f64>().unwrap_or(0.0);
    let bands = || sheet.rtp_bands.iter().flat_map(|bands| &bands.bands);
    let highest = bands().map(|band| number(&band.high_percent)).fold(0.0, f64::max);
    let Some(rtp) = sheet.rtp.as_ref().map(|rtp| number(&rtp.total.percent)).filter(|_| highest > 0.0) else {
        return String::new();
    };
    let step = step(highest);
    let top = (highest / step).ceil() * step;
    let y = |percent: f64| BOTTOM - (BOTTOM - TOP) * percent / top;
    let mut svg = format!(
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"RTP bands by number of games\"><g class=\"grid\">"
    );
    // Writing to a string does not fail.
    let mut tick = 0.0;
    while tick <= top + step / 2.0 {
        let at = y(tick);
        let _ = write!(
            svg,
            "<line x1=\"{LEFT}\" x2=\"{RIGHT}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/><text x=\"{:.1}\" y=\"{:.1}\" \
             text-anchor=\"end\">{tick:.0} %</text>",
            LEFT - 6.0,
            at + 3.5
        );
        tick += step;
    }
    svg += "</g>";
    let mut center = LEFT;
    let group = sheet.rtp_bands.iter().fold(0.0, |count: f64, _| count + 1.0);
    let slot = (RIGHT - LEFT) / group;
    center += slot / 2.0;
    for bands in &sheet.rtp_bands {
        // The widest first, so that the narrower ones lie on it.
        for (band, half) in bands.bands.iter().rev().zip([0.30, 0.22, 0.14]) {
            let (low, high) = (y(number(&band.low_percent)), y(number(&band.high_percent)));
            let _ = write!(
                svg,
                "<rect class=\"c{}\" x=\"{:.1}\" y=\"{high:.1}\" width=\"{:.1}\" height=\"{:.1}\"><title>{} %: {} to \
                 {}</title></rect>",
                band.confidence,
                center - slot * half,
                slot * half * 2.0,
                (low - high).max(1.5),
                band.confidence,
                band.low_percent,
                band.high_percent
            );
        }
        let _ = write!(
            svg,
            "<text x=\"{center:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{} games</text>",
            BOTTOM + 18.0,
            grouped(&bands.games.to_string())
        );
        center += slot;
    }
    let at = y(rtp);
    let _ = write!(svg, "<line class=\"rtp\" x1=\"{LEFT}\" x2=\"{RIGHT}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/></svg>");
    svg
}

/// A round distance between lines, so that there are about six.
fn step(highest: f64) -> f64 {
    let magnitude = 10.0_f64.powf((highest / 6.0).log10().floor());
    let of = [1.0, 2.0, 5.0, 10.0].into_iter().find(|step| highest / (step * magnitude) <= 7.0);
    of.unwrap_or(10.0) * magnitude
}

/// Digits in groups of three.
pub(super) fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_in_groups() {
        for (digits, expected) in [("", ""), ("7", "7"), ("1000", "1 000"), ("123456", "123 456")] {
            assert_eq!(grouped(digits), expected.replace(' ', "\u{202f}"));
        }
    }

    #[test]
    fn steps_are_round_and_few() {
        for highest in [3.0, 96.0, 143.0, 1234.5, 99_999.0] {
            let lines = highest / step(highest);
            assert!((2.0..=7.0).contains(&lines), "{highest}: {lines}");
        }
    }
}
