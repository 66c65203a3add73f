//! The page around the parts: head, policy, style, script, contents. Private.

use super::html::Html;
use super::material::Material;
use crate::error::{Error, Result};
use crate::plot::Theme;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// Nothing is loaded; the style is that of the page, and the only script that runs is the one below, known by its hash.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; \
    script-src 'sha256-T/BCnt4ZJx51fRqhOpr7gHJVQ0FNgccIFylrwHLZoFo='; base-uri 'none'; form-action 'none'";

/// Writes a part.
type Write<'p> = dyn Fn(&mut Html) -> Result<()> + 'p;

/// A part of the page.
pub(super) struct Part<'p> {
    pub(super) id: &'static str,
    pub(super) title: String,
    pub(super) write: Box<Write<'p>>,
}

impl<'p> Part<'p> {
    pub(super) fn new(
        id: &'static str,
        title: impl Into<String>,
        write: impl Fn(&mut Html) -> Result<()> + 'p,
    ) -> Self {
        Self { id, title: title.into(), write: Box::new(write) }
    }
}

/// Writes the page. `title` stands at its top, `lead` under it.
pub(super) fn write(
    material: &Material<'_>,
    title: &str,
    lead: impl FnOnce(&mut Html) -> Result<()>,
    parts: &[Part<'_>],
) -> Result<String> {
    let mut html = Html::new("<!DOCTYPE html>\n");
    let language = material.report.language.as_str();
    html.within("html", &[("lang", language), ("xmlns", "http://www.w3.org/1999/xhtml")], |html| {
        html.within("head", &[], |html| {
            html.void("meta", &[("charset", "utf-8")]);
            html.void("meta", &[("http-equiv", "Content-Security-Policy"), ("content", POLICY)]);
            html.void("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]);
            html.void("meta", &[("name", "color-scheme"), ("content", "light dark")]);
            html.void("meta", &[("name", "generator"), ("content", concat!("longspring ", env!("CARGO_PKG_VERSION")))]);
            html.element("title", &[], title);
            html.within("style", &[], |html| trusted(html, STYLE))
        })?;
        html.within("body", &[], |html| {
            html.element("a", &[("class", "skip"), ("href", "#content")], "Skip to the content");
            html.within("header", &[], |html| {
                html.element("h1", &[], title);
                lead(html)?;
                if let Some(date) = &material.report.date {
                    html.element("p", &[("class", "meta")], date);
                }
                Ok(())
            })?;
            html.within("nav", &[("aria-label", "Contents")], |html| {
                html.within("ul", &[], |html| {
                    parts.iter().try_for_each(|part| {
                        html.within("li", &[], |html| {
                            html.element("a", &[("href", &format!("#{}", part.id))], &part.title);
                            Ok(())
                        })
                    })
                })
            })?;
            html.within("main", &[("id", "content"), ("tabindex", "-1")], |html| {
                parts.iter().try_for_each(|part| {
                    let heading = format!("{}-heading", part.id);
                    html.within("section", &[("id", part.id), ("aria-labelledby", &heading)], |html| {
                        html.element("h2", &[("id", &heading)], &part.title);
                        (part.write)(html)
                    })
                })
            })?;
            html.within("footer", &[], |html| {
                html.paragraph(concat!(
                    "Written by longspring ",
                    env!("CARGO_PKG_VERSION"),
                    ". The page holds all that it shows and loads nothing."
                ));
                Ok(())
            })?;
            html.within("script", &[], |html| trusted(html, SCRIPT))
        })
    })?;
    Ok(html.finish())
}

#[expect(clippy::unnecessary_wraps, reason = "what writes into an element may fail")]
fn trusted(html: &mut Html, markup: &str) -> Result<()> {
    html.trusted(markup);
    Ok(())
}

/// A picture, which follows the light or dark setting of the reader.
pub(super) fn picture(html: &mut Html, caption: &str, draw: impl FnOnce(Theme) -> Result<String>) -> Result<()> {
    told(html, draw(Theme::Auto), |html, svg| {
        html.within("figure", &[], |html| {
            let frame = [("class", "scroll picture"), ("role", "group"), ("tabindex", "0"), ("aria-label", caption)];
            html.within("div", &frame, |html| trusted(html, &svg))?;
            html.element("figcaption", &[], caption);
            Ok(())
        })
    })
}

/// Writes a result, or why it cannot be told: that is part of a report, where a name that does not exist is a mistake of the caller.
pub(super) fn told<T>(
    html: &mut Html,
    result: Result<T>,
    write: impl FnOnce(&mut Html, T) -> Result<()>,
) -> Result<()> {
    match result {
        Ok(value) => write(html, value),
        Err(Error::Invalid(problems)) => {
            html.note(&format!("Not told: {problems}."));
            Ok(())
        }
        Err(error) => Err(error),
    }
}
