#include "core/run_log.h"

#include <fmt/chrono.h>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <ctime>

#include "core/error.h"

namespace core {

static constexpr hsize_t rows_per_chunk = 256;  // 40 bytes a row: 10 KiB a chunk

std::string now_iso() {
  const auto now = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(now)));
}

h5::Handle row_type() {
  h5::Handle type(H5Tcreate(H5T_COMPOUND, sizeof(Row)), H5Tclose);
  H5Tinsert(type, "step", offsetof(Row, step), H5T_NATIVE_INT64);
  H5Tinsert(type, "env_steps", offsetof(Row, env_steps), H5T_NATIVE_INT64);
  H5Tinsert(type, "samples", offsetof(Row, samples), H5T_NATIVE_INT64);
  H5Tinsert(type, "wall_s", offsetof(Row, wall_s), H5T_NATIVE_DOUBLE);
  H5Tinsert(type, "value", offsetof(Row, value), H5T_NATIVE_DOUBLE);
  return type;
}

static std::string table_path(const std::string& metric) { return "/metrics/" + metric; }

RunLog RunLog::create(const std::filesystem::path& folder, const Attributes& attributes,
                      const std::string& config_yaml, const std::vector<Metric>& metrics) {
  RunLog log(h5::File::create(folder / "run.h5"));
  log.file_.set("/", "format", std::string("atelier-run"));
  log.file_.set("/", "format_version", run_format_version);
  for (const auto& [name, text] : attributes) log.set(name, text);
  log.set("start", now_iso());
  log.sign();
  log.file_.write_text("/config", config_yaml);
  const h5::Handle type = row_type();
  for (const Metric& metric : metrics) {
    const std::string path = table_path(metric.name);
    log.series_[metric.name].table = h5::Growing(log.file_, path, type, {}, rows_per_chunk);
    log.file_.set(path, "unit", metric.unit);
    log.file_.set(path, "sentence", metric.sentence);
    log.file_.set(path, "wall_clock", int64_t{metric.wall_clock});
  }
  log.flush();
  return log;
}

static std::vector<std::string> metric_names(const h5::File& file) {
  std::vector<std::string> names;
  for (const auto& group : file.children("/metrics"))
    for (const auto& name : file.children("/metrics/" + group)) names.push_back(group + "/" + name);
  return names;
}

// Rows up to `step`, in a table whose steps increase (a torn tail does not).
static hsize_t rows_until(const h5::Growing& table, int64_t step) {
  std::vector<Row> rows(table.rows());
  table.read(0, table.rows(), rows.data());
  hsize_t keep = 0;
  for (int64_t last = -1; keep < rows.size() && rows[keep].step > last && rows[keep].step <= step; ++keep)
    last = rows[keep].step;
  return keep;
}

RunLog RunLog::reopen(const std::filesystem::path& folder, int64_t step) {
  RunLog log(h5::File::open(folder / "run.h5", true));
  const h5::Handle type = row_type();
  for (const auto& name : metric_names(log.file_)) {
    h5::Growing& table = log.series_[name].table;
    table = h5::Growing(log.file_, table_path(name), type, {}, rows_per_chunk);
    table.truncate(rows_until(table, step));
    Row last{.step = -1};
    if (table.rows()) table.read(table.rows() - 1, 1, &last);
    log.series_[name].last_step = last.step;
  }
  for (const auto& name : log.file_.children("/pictures")) {
    const std::string path = "/pictures/" + name;
    const auto steps = log.file_.read<int64_t>(path + "/step");
    const auto shape = log.file_.info(path + "/frames").shape;
    Film film;
    film.shape = {shape.begin() + 1, shape.end()};
    film.frames = h5::Growing(log.file_, path + "/frames", H5T_NATIVE_UINT8, film.shape, 1);
    film.steps = h5::Growing(log.file_, path + "/step", H5T_NATIVE_INT64, {}, rows_per_chunk);
    hsize_t keep = 0;
    while (keep < std::min<hsize_t>(steps.size(), film.frames.rows()) && steps[keep] <= step) ++keep;
    film.frames.truncate(keep);
    film.steps.truncate(keep);
    log.films_.emplace(name, std::move(film));
  }
  const bool timed = log.file_.has("/", "cpu_s");
  log.cpu_before_ = timed ? log.file_.number("/", "cpu_s") : 0;
  log.sign();
  return log;
}

void RunLog::forget(const std::string& metric) {
  const auto found = series_.find(metric);
  check(found != series_.end(), "no metric '{}' was registered", metric);
  found->second.table.truncate(0);
  found->second.pending.clear();
  found->second.last_step = -1;
}

void RunLog::sign() {
  char host[256] = {};
  gethostname(host, sizeof host - 1);
  set("status", "running");
  set("end", "");
  set("host", host);
  set("pid", std::to_string(getpid()));
}

void RunLog::log(const std::string& metric, const Row& row) {
  const auto found = series_.find(metric);
  check(found != series_.end(), "metric '{}' was logged but not registered in build()", metric);
  Series& series = found->second;
  check(row.step > series.last_step, "metric '{}' was logged at step {} after step {}", metric, row.step,
        series.last_step);
  series.last_step = row.step;
  series.pending.push_back(row);
}

RunLog::Film& RunLog::film(const std::string& name, const std::string& kind, const std::string& sentence,
                           const Image& image) {
  if (const auto found = films_.find(name); found != films_.end()) return found->second;
  const std::string path = "/pictures/" + name;
  Film film;
  film.shape = {static_cast<hsize_t>(image.height), static_cast<hsize_t>(image.width),
                static_cast<hsize_t>(image.channels)};
  film.frames = h5::Growing(file_, path + "/frames", H5T_NATIVE_UINT8, film.shape, 1, 4);
  film.steps = h5::Growing(file_, path + "/step", H5T_NATIVE_INT64, {}, rows_per_chunk);
  file_.set(path + "/frames", "kind", kind);
  file_.set(path + "/frames", "sentence", sentence);
  return films_.emplace(name, std::move(film)).first->second;
}

void RunLog::picture(const std::string& name, const std::string& kind, const std::string& sentence,
                     int64_t step, const Image& image) {
  Film& reel = film(name, kind, sentence, image);
  const bool same = reel.shape[0] == static_cast<hsize_t>(image.height) &&
                    reel.shape[1] == static_cast<hsize_t>(image.width);
  check(same, "picture '{}' changed its size during the run", name);
  reel.frames.append(image.pixels.data(), 1);
  reel.steps.append(&step, 1);
}

void RunLog::config(const std::string& yaml) {
  H5Ldelete(file_.id(), "/config", H5P_DEFAULT);
  file_.write_text("/config", yaml);
}

void RunLog::flush() {
  for (auto& [name, series] : series_) {
    series.table.append(series.pending.data(), series.pending.size());
    series.pending.clear();
  }
  set("heartbeat", now_iso());
  file_.set("/", "cpu_s", cpu_before_ + static_cast<double>(std::clock()) / CLOCKS_PER_SEC);
  file_.flush();
}

RunFile::RunFile(const std::filesystem::path& run_folder)
    : folder_(run_folder), file_(h5::File::open_live(run_folder / "run.h5")) {
  const bool ours = file_.has("/", "format") && file_.text("/", "format") == "atelier-run";
  check(ours, "{}: is no run file of Atelier", file_.name());
  const auto version = static_cast<int64_t>(file_.number("/", "format_version"));
  check(version <= run_format_version,
        "{}: was written by a newer Atelier (format {}, this one reads up to {})", file_.name(), version,
        run_format_version);
}

std::string RunFile::attribute(const std::string& name) const {
  return file_.has("/", name) ? file_.text("/", name) : "";
}

Attributes RunFile::attributes() const {
  Attributes all;
  for (const auto& name : file_.attributes("/")) all.emplace_back(name, file_.print("/", name));
  return all;
}

std::vector<Metric> RunFile::metrics() const {
  std::vector<Metric> metrics;
  for (const auto& name : metric_names(file_)) {
    const std::string path = table_path(name);
    metrics.push_back({name, file_.text(path, "unit"), file_.text(path, "sentence"),
                       file_.number(path, "wall_clock") != 0});
  }
  return metrics;
}

std::vector<Row> RunFile::rows(const std::string& metric) const {
  if (!file_.exists(table_path(metric))) return {};
  std::vector<Row> rows(file_.count(table_path(metric)));
  file_.read(table_path(metric), rows.data(), row_type());
  size_t keep = 0;
  for (int64_t last = -1; keep < rows.size() && rows[keep].step > last; ++keep) last = rows[keep].step;
  rows.resize(keep);
  return rows;
}

// Two rows tell whether the tail is torn; only then are all of them read.
std::optional<Row> RunFile::last_row(const std::string& metric) const {
  if (!file_.exists(table_path(metric))) return std::nullopt;
  const h5::Growing table(file_, table_path(metric), row_type(), {}, rows_per_chunk);
  if (table.rows() == 0) return std::nullopt;
  std::vector<Row> tail(std::min<hsize_t>(2, table.rows()));
  table.read(table.rows() - tail.size(), tail.size(), tail.data());
  if (tail.size() == 1 || tail[1].step > tail[0].step) return tail.back();
  const std::vector<Row> all = rows(metric);
  return all.empty() ? std::nullopt : std::optional<Row>(all.back());
}

std::vector<RunFile::Film> RunFile::pictures() const {
  std::vector<Film> films;
  for (const auto& name : file_.children("/pictures")) {
    const std::string frames = "/pictures/" + name + "/frames";
    const auto shape = file_.info(frames).shape;
    Film film{name,
              file_.text(frames, "kind"),
              file_.text(frames, "sentence"),
              file_.read<int64_t>("/pictures/" + name + "/step"),
              shape[1],
              shape[2],
              shape[3]};
    film.steps.resize(std::min<size_t>(film.steps.size(), shape[0]));
    films.push_back(std::move(film));
  }
  return films;
}

Image RunFile::frame(const std::string& picture, size_t index) const {
  const std::string path = "/pictures/" + picture + "/frames";
  const auto shape = file_.info(path).shape;
  check(index < shape[0], "{}: picture '{}' has {} frames, no frame {}", file_.name(), picture, shape[0],
        index);
  const std::vector<hsize_t> start{index, 0, 0, 0}, size{1, shape[1], shape[2], shape[3]};
  Image image{static_cast<int>(shape[2]), static_cast<int>(shape[1]), static_cast<int>(shape[3]), {}};
  image.pixels.resize(shape[1] * shape[2] * shape[3]);
  const h5::Handle data(H5Dopen2(file_.id(), path.c_str(), H5P_DEFAULT), H5Dclose);
  const h5::Handle space(H5Dget_space(data), H5Sclose);
  H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, size.data(), nullptr);
  const h5::Handle memory(H5Screate_simple(4, size.data(), nullptr), H5Sclose);
  check(H5Dread(data, H5T_NATIVE_UINT8, memory, space, H5P_DEFAULT, image.pixels.data()) >= 0,
        "{}: picture '{}' cannot be read", file_.name(), picture);
  return image;
}

}  // namespace core
