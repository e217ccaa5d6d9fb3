// Light on purpose: one style sheet of the palette's colours, no script.
#include "analysis/html.h"

#include <fmt/format.h>

#include <cctype>

#include "core/shown.h"
#include "render/palette.h"
#include "render/png.h"

namespace analysis::html {

std::string escape(std::string_view words) {
  std::string safe;
  for (const char c : core::shown(words, core::Breaks::kept)) {
    if (c == '&')
      safe += "&amp;";
    else if (c == '<')
      safe += "&lt;";
    else if (c == '>')
      safe += "&gt;";
    else if (c == '"')
      safe += "&quot;";
    else
      safe += c;
  }
  return safe;
}

std::string base64(std::string_view bytes) {
  static constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve(bytes.size() * 4 / 3 + 4);
  for (size_t k = 0; k < bytes.size(); k += 3) {
    uint32_t word = 0;
    for (size_t i = 0; i < 3; ++i)
      word = word << 8 | (k + i < bytes.size() ? static_cast<uint8_t>(bytes[k + i]) : 0u);
    for (size_t i = 0; i < 4; ++i) out += k + i > bytes.size() ? '=' : letters[word >> (18 - 6 * i) & 63];
  }
  return out;
}

std::string picture(const core::Image& image, const std::string& caption) {
  return fmt::format(
      "<figure class=\"picture\"><img alt=\"{0}\" width=\"{1}\" src=\"data:image/png;base64,{2}\">"
      "<figcaption>{0}</figcaption></figure>\n",
      escape(caption), image.width, base64(render::png_bytes(image)));
}

std::string film(std::string_view gif, const std::string& caption) {
  return fmt::format(
      "<figure class=\"picture\"><img alt=\"{0}\" src=\"data:image/gif;base64,{1}\">"
      "<figcaption>{0}</figcaption></figure>\n",
      escape(caption), base64(gif));
}

// A column of words stands left, one of numbers right.
static const char* side_of(const std::vector<std::vector<std::string>>& rows, size_t column) {
  const bool filled = rows.size() > 1 && rows[1].size() > column && !rows[1][column].empty();
  return filled && std::isalpha(static_cast<unsigned char>(rows[1][column][0])) ? " class=\"words\"" : "";
}

std::string table(const std::vector<std::vector<std::string>>& rows) {
  std::string out = "<div class=\"wide\"><table>\n";
  for (size_t r = 0; r < rows.size(); ++r) {
    const char* cell = r == 0 ? "th" : "td";
    out += "<tr>";
    for (size_t k = 0; k < rows[r].size(); ++k)
      out += fmt::format("<{0}{1}>{2}</{0}>", cell, side_of(rows, k), escape(rows[r][k]));
    out += "</tr>\n";
  }
  return out + "</table></div>\n";
}

std::string details(const std::string& summary, const std::string& inside) {
  return fmt::format("<details><summary>{}</summary>\n{}</details>\n", escape(summary), inside);
}

std::string preformatted(const std::string& text) { return "<pre>" + escape(text) + "</pre>\n"; }

static std::string style() {
  return fmt::format(
      R"(
:root {{ color: {ink}; background: {paper}; font: 15px/1.5 "DejaVu Sans", system-ui, "Segoe UI", Roboto, sans-serif; }}
body {{ max-width: 1120px; margin: 0 auto; padding: 32px 24px 64px; }}
h1 {{ font-size: 26px; margin: 0; }} h2 {{ font-size: 19px; margin: 40px 0 12px; }} h3 {{ font-size: 15px; margin: 20px 0 8px; }}
.quiet, figcaption, .legend {{ color: {quiet}; font-size: 13px; }}
.note {{ border-left: 4px solid {warning}; background: {panel}; padding: 8px 14px; margin: 12px 0; }} ul.note {{ padding-left: 30px; }}
.wide {{ overflow-x: auto; }}
table {{ border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }}
th, td {{ padding: 5px 12px 5px 0; text-align: right; border-bottom: 1px solid {rule}; white-space: nowrap; }}
th {{ font-weight: 600; }} th:first-child, td:first-child, .words {{ text-align: left; }}
.charts {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(420px, 1fr)); gap: 12px 24px; }}
figure {{ margin: 0; }} figure svg {{ width: 100%; height: auto; }} .charts figcaption b {{ color: {ink}; font-size: 14px; }}
.charts figcaption {{ min-height: 2.9em; }}
.pictures {{ display: flex; flex-wrap: wrap; gap: 16px; align-items: flex-start; margin-top: 12px; }}
.films .picture {{ max-width: calc((100% - 32px) / 3); }} .strip .picture {{ max-width: calc((100% - 64px) / 5); }}
.picture img {{ max-width: 100%; height: auto; border: 1px solid {rule}; display: block; }}
.key {{ display: inline-block; width: 12px; height: 12px; border-radius: 3px; margin-right: 6px; vertical-align: -1px; }} .entry {{ margin-right: 18px; white-space: nowrap; }}
details {{ margin: 8px 0; }} summary {{ cursor: pointer; color: {link}; }}
pre {{ background: {panel}; padding: 12px 16px; border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; font: 12.5px/1.5 "DejaVu Sans Mono", ui-monospace, monospace; }}
section {{ border-top: 1px solid {rule}; margin-top: 36px; }} section h2 {{ margin-top: 24px; }}
)",
      fmt::arg("ink", render::hex(render::palette::ink)),
      fmt::arg("paper", render::hex(render::palette::paper)),
      fmt::arg("quiet", render::hex(render::palette::quiet)),
      fmt::arg("rule", render::hex(render::palette::rule)),
      fmt::arg("panel", render::hex(render::palette::panel)),
      fmt::arg("warning", render::hex(render::palette::warning)),
      fmt::arg("link", render::hex(render::palette::series[0])));
}

std::string page(const std::string& title, const std::string& body, const std::string& more_style) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n<title>{}</title>\n<style>{}{}</style>\n"
      "</head>\n<body>\n{}</body>\n</html>\n",
      escape(title), style(), more_style, body);
}

}  // namespace analysis::html
