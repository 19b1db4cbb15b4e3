//! The page's charts: SVG drawn by `plotters`, in colours that the page's style decides.
//!
//! A drawing knows no colours, only places for them: each place is a colour nobody uses, put in the
//! stead of a variable of the style sheet, so that one drawing serves light and dark. Over it lie
//! [`Hit`]s, the areas that lead to the posts behind them. No text of a post is ever drawn.

use super::figures::ByTone;
use anyhow::{Result, anyhow};
use plotters::coord::Shift;
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use plotters::prelude::*;
use serde::Serialize;
use std::ops::Range;

const WIDTH: u32 = 720;
const TREND_HEIGHT: u32 = 340;
const TREND_SPLIT: u32 = 210;
const BAR: u32 = 30;
const LEFT: u32 = 54;

const INK: RGBColor = RGBColor(1, 1, 1);
const GRID: RGBColor = RGBColor(2, 2, 2);
const LINE: RGBColor = RGBColor(3, 3, 3);
const ALERT: RGBColor = RGBColor(4, 4, 4);
/// Places for the tones, in the order of [`ByTone`].
const TONES: [RGBColor; 6] = [
    RGBColor(5, 5, 5),
    RGBColor(6, 6, 6),
    RGBColor(7, 7, 7),
    RGBColor(8, 8, 8),
    RGBColor(9, 9, 9),
    RGBColor(10, 10, 10),
];
const PLACES: [(&str, &str); 10] = [
    ("#010101", "var(--ink)"),
    ("#020202", "var(--line)"),
    ("#030303", "var(--accent)"),
    ("#040404", "var(--alert)"),
    ("#050505", "var(--neg)"),
    ("#060606", "var(--neu)"),
    ("#070707", "var(--mix)"),
    ("#080808", "var(--pos)"),
    ("#090909", "var(--unk)"),
    ("#0A0A0A", "var(--rel)"),
];

/// An area of a chart that leads to posts, or to an alert.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Hit {
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) w: i32,
    pub(crate) h: i32,
    pub(crate) title: String,
    /// The question that its posts answer; empty where it leads to `anchor`.
    pub(crate) q: String,
    pub(crate) anchor: String,
}

/// A chart, ready for the page.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Drawing {
    pub(crate) svg: String,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) hits: Vec<Hit>,
}

/// A bucket of a trend.
#[derive(Debug, Clone)]
pub(crate) struct TrendPoint {
    pub(crate) start: i64,
    pub(crate) end: i64,
    pub(crate) label: String,
    /// Low, value, high of the net tonality, where there are enough posts.
    pub(crate) net: Option<[f64; 3]>,
    pub(crate) tones: ByTone,
    pub(crate) title: String,
    pub(crate) q: String,
}

/// A burst on a trend.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    pub(crate) start: i64,
    pub(crate) end: i64,
    pub(crate) title: String,
    pub(crate) anchor: String,
}

/// A bar: a name, and its posts by tone.
#[derive(Debug, Clone)]
pub(crate) struct Bar {
    pub(crate) name: String,
    pub(crate) tones: ByTone,
    pub(crate) title: String,
    pub(crate) q: String,
}

/// An axis of time, with a tick at some buckets.
#[derive(Clone)]
struct TimeAxis {
    span: (i64, i64),
    ticks: Vec<(i64, String)>,
}

impl TimeAxis {
    fn of(points: &[TrendPoint]) -> Self {
        let first = points.first().map_or(0, |p| p.start);
        let last = points.last().map_or(1, |p| p.end);
        let stride = points.len().div_ceil(8).max(1);
        let ticks = points.iter().step_by(stride).map(|p| (p.start, p.label.clone())).collect();
        Self { span: (first, last.max(first + 1)), ticks }
    }
}

impl Ranged for TimeAxis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = i64;

    // Pixels of a drawing: far within what an i32 holds.
    #[allow(clippy::cast_possible_truncation)]
    fn map(&self, value: &i64, limit: (i32, i32)) -> i32 {
        let share = (value - self.span.0) as f64 / (self.span.1 - self.span.0) as f64;
        limit.0 + (share * f64::from(limit.1 - limit.0)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<i64> {
        self.ticks.iter().map(|(at, _)| *at).collect()
    }

    fn range(&self) -> Range<i64> {
        self.span.0..self.span.1
    }
}

impl ValueFormatter<i64> for TimeAxis {
    fn format_ext(&self, value: &i64) -> String {
        self.ticks.iter().find(|(at, _)| at == value).map(|(_, label)| label.clone()).unwrap_or_default()
    }
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Net tonality with its interval above, volume by tone below, bursts marked.
pub(crate) fn trend(points: &[TrendPoint], marks: &[Mark], (up, down): (&str, &str)) -> Result<Drawing> {
    let mut hits = Vec::new();
    let svg = draw((WIDTH, TREND_HEIGHT), |root| {
        let (upper, lower) = root.split_vertically(TREND_SPLIT);
        net(&upper, points, marks, up, &mut hits)?;
        volume(&lower, points, down, &mut hits)
    })?;
    Ok(Drawing { svg, width: WIDTH, height: TREND_HEIGHT, hits })
}

fn net(area: &Area<'_>, points: &[TrendPoint], marks: &[Mark], title: &str, hits: &mut Vec<Hit>) -> Result<()> {
    // The days are written under the lower panel.
    let axis = TimeAxis { ticks: Vec::new(), ..TimeAxis::of(points) };
    let span = axis.span;
    let mut chart = ChartBuilder::on(area)
        .margin_top(6)
        .margin_right(10)
        .x_label_area_size(6)
        .y_label_area_size(LEFT)
        .build_cartesian_2d(axis, -100.0..100.0)
        .map_err(failed)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .x_labels(0)
        .y_labels(5)
        .y_desc(title)
        .y_label_formatter(&|y| format!("{y:+.0}"))
        .label_style(("sans-serif", 16, &INK))
        .axis_desc_style(("sans-serif", 16, &INK))
        .axis_style(GRID)
        .bold_line_style(GRID)
        .light_line_style(TRANSPARENT)
        .draw()
        .map_err(failed)?;
    let inside = |m: &&Mark| m.end > span.0 && m.start < span.1;
    for mark in marks.iter().filter(inside) {
        let (from, to) = (mark.start.max(span.0), mark.end.min(span.1));
        let corners = [(from, 100.0), (to, -100.0)];
        chart.draw_series([Rectangle::new(corners, ALERT.mix(0.25).filled())]).map_err(failed)?;
        let (left, right) = (chart.backend_coord(&(from, 100.0)), chart.backend_coord(&(to, -100.0)));
        // A burst of an hour in a quarter is thinner than a pixel: its flag is not.
        chart.draw_series([TriangleMarker::new((from, 92.0), 8, ALERT.filled())]).map_err(failed)?;
        hits.push(Hit {
            x: left.0 - 8,
            y: left.1,
            w: (right.0 - left.0) + 16,
            h: 24,
            title: mark.title.clone(),
            anchor: mark.anchor.clone(),
            q: String::new(),
        });
    }
    // Where there are too few posts the line breaks: nothing is drawn that is not known.
    for run in points.split(|p| p.net.is_none()).filter(|run| !run.is_empty()) {
        let middle = |p: &TrendPoint| p.start.midpoint(p.end);
        let at = |p: &TrendPoint, i: usize| (middle(p), 100.0 * p.net.map_or(0.0, |n| n[i]));
        let around: Vec<_> = run.iter().map(|p| at(p, 2)).chain(run.iter().rev().map(|p| at(p, 0))).collect();
        if run.len() > 1 {
            chart.draw_series([Polygon::new(around, LINE.mix(0.2).filled())]).map_err(failed)?;
            let line = run.iter().map(|p| at(p, 1));
            chart.draw_series(LineSeries::new(line, LINE.stroke_width(2))).map_err(failed)?;
        } else {
            let whisker = [at(&run[0], 0), at(&run[0], 2)];
            chart.draw_series([PathElement::new(whisker, LINE.mix(0.5).stroke_width(2))]).map_err(failed)?;
        }
        if points.len() <= 60 {
            chart.draw_series(run.iter().map(|p| Circle::new(at(p, 1), 3, LINE.filled()))).map_err(failed)?;
        }
    }
    let plot = chart.plotting_area().get_pixel_range();
    // Flags lie above the columns, so they come last.
    let flags = std::mem::take(hits);
    hits.extend(columns(points, span, &plot));
    hits.extend(flags);
    Ok(())
}

fn volume(area: &Area<'_>, points: &[TrendPoint], title: &str, hits: &mut Vec<Hit>) -> Result<()> {
    let most = points.iter().map(|p| p.tones.sum()).max().unwrap_or(0).max(1);
    let axis = TimeAxis::of(points);
    let span = axis.span;
    let mut chart = ChartBuilder::on(area)
        .margin_top(4)
        .margin_right(10)
        .x_label_area_size(28)
        .y_label_area_size(LEFT)
        .build_cartesian_2d(axis, 0.0..most as f64 * 1.05)
        .map_err(failed)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .y_labels(3)
        .y_desc(title)
        .y_label_formatter(&|y| format!("{y:.0}"))
        .label_style(("sans-serif", 16, &INK))
        .axis_desc_style(("sans-serif", 16, &INK))
        .axis_style(GRID)
        .bold_line_style(GRID)
        .light_line_style(TRANSPARENT)
        .draw()
        .map_err(failed)?;
    for p in points {
        let gap = (p.end - p.start) / 8;
        for (low, high, colour) in stack(&p.tones) {
            let corners = [(p.start + gap, low), (p.end - gap, high)];
            chart.draw_series([Rectangle::new(corners, colour.filled())]).map_err(failed)?;
        }
    }
    let plot = chart.plotting_area().get_pixel_range();
    hits.extend(columns(points, span, &plot));
    Ok(())
}

/// Stacked bars, one under the other.
pub(crate) fn bars(bars: &[Bar]) -> Result<Drawing> {
    let rows = u32::try_from(bars.len().max(1)).unwrap_or(1);
    let height = rows * BAR + 40;
    let most = bars.iter().map(|b| b.tones.sum()).max().unwrap_or(0).max(1);
    let mut hits = Vec::new();
    let svg = draw((WIDTH, height), |root| {
        let mut chart = ChartBuilder::on(root)
            .margin_top(4)
            .margin_right(16)
            .x_label_area_size(28)
            .y_label_area_size(150)
            .build_cartesian_2d(0.0..most as f64 * 1.02, (0..rows).into_segmented())
            .map_err(failed)?;
        let name = |at: &SegmentValue<u32>| match at {
            SegmentValue::CenterOf(i) if *i < rows => bars.get((rows - 1 - i) as usize).map(|b| b.name.clone()),
            _ => None,
        };
        chart
            .configure_mesh()
            .disable_y_mesh()
            .x_labels(6)
            .y_labels(rows as usize)
            .x_label_formatter(&|x| format!("{x:.0}"))
            .y_label_formatter(&|y| name(y).unwrap_or_default())
            .label_style(("sans-serif", 18, &INK))
            .axis_style(GRID)
            .bold_line_style(GRID)
            .light_line_style(TRANSPARENT)
            .draw()
            .map_err(failed)?;
        for (i, bar) in (0..rows).rev().zip(bars) {
            for (low, high, colour) in stack(&bar.tones) {
                let corners = [(low, SegmentValue::Exact(i)), (high, SegmentValue::Exact(i + 1))];
                let mut block = Rectangle::new(corners, colour.filled());
                block.set_margin(4, 4, 0, 0);
                chart.draw_series([block]).map_err(failed)?;
            }
        }
        let (x, y) = chart.plotting_area().get_pixel_range();
        let step = (y.end - y.start) / i32::try_from(rows).unwrap_or(1);
        hits.extend((0..).zip(bars).map(|(i, bar)| Hit {
            x: 0,
            y: y.start + i * step,
            w: x.end,
            h: step,
            title: bar.title.clone(),
            q: bar.q.clone(),
            anchor: String::new(),
        }));
        Ok(())
    })?;
    Ok(Drawing { svg, width: WIDTH, height, hits })
}

/// The blocks of a stack: from, to, colour; nothing for what is not there.
fn stack(tones: &ByTone) -> Vec<(f64, f64, RGBColor)> {
    let mut low = 0.0;
    let mut blocks = Vec::new();
    for (n, colour) in tones.0.into_iter().zip(TONES) {
        if n > 0 {
            blocks.push((low, low + n as f64, colour));
            low += n as f64;
        }
    }
    blocks
}

fn columns(points: &[TrendPoint], span: (i64, i64), plot: &(Range<i32>, Range<i32>)) -> Vec<Hit> {
    let axis = TimeAxis { span, ticks: Vec::new() };
    let place = |at: i64| axis.map(&at, (plot.0.start, plot.0.end));
    let of = |p: &TrendPoint| Hit {
        x: place(p.start),
        y: plot.1.start,
        w: (place(p.end) - place(p.start)).max(1),
        h: plot.1.end - plot.1.start,
        title: p.title.clone(),
        q: p.q.clone(),
        anchor: String::new(),
    };
    points.iter().filter(|p| p.tones.sum() > 0).map(of).collect()
}

fn draw(size: (u32, u32), with: impl FnOnce(&Area<'_>) -> Result<()>) -> Result<String> {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        with(&root)?;
        root.present().map_err(failed)?;
    }
    for (place, variable) in PLACES {
        svg = svg.replace(place, variable);
    }
    Ok(svg)
}

/// Writing into a string does not fail; should it, it is said.
fn failed(error: impl std::fmt::Display) -> anyhow::Error {
    anyhow!("a chart could not be drawn: {error}")
}
