#include "core/run_log.h"

#include <fmt/chrono.h>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <limits>
#include <tuple>

#include "core/error.h"
#include "core/generations.h"
#include "core/hdf5_in_place.h"
#include "core/journal.h"
#include "core/look_over.h"
#include "core/run_format_1.h"

namespace core {

static constexpr hsize_t steps_per_chunk = 256;  // of a film: when each picture was taken

std::string now_iso() {
  const auto now = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(now)));
}

static double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Under another name until it is whole: whoever meets a run.h5 can read it.
RunLog RunLog::create(const std::filesystem::path& folder, const Attributes& attributes,
                      const std::string& config_yaml, const std::vector<Metric>& metrics) {
  const std::filesystem::path draft = folder / "run.h5.tmp", file = folder / "run.h5";
  try {
    begin(draft, attributes, config_yaml, metrics);
    put_in_place(draft, file);
  } catch (const Error&) {  // on a full disk: an empty file is no run
    std::error_code ignored;
    for (const auto& left : {draft, journal_of(draft)}) std::filesystem::remove(left, ignored);
    throw;
  }
  made_here(file);
  RunLog log = reopen(folder, 0);
  log.cpu_before_ = log.wall_before_ = 0;  // which count from this process's beginning
  return log;
}

void RunLog::begin(const std::filesystem::path& file, const Attributes& attributes,
                   const std::string& config_yaml, const std::vector<Metric>& metrics) {
  RunLog log(h5::File::create(file, h5::Writing::journaled));
  log.file_.set("/", "format", std::string("atelier-run"));
  log.file_.set("/", "format_version", run_format_version);
  log.file_.unseal();
  for (const auto& [name, text] : attributes) log.set(name, text);
  log.set("start", now_iso());
  log.sign();
  log.file_.write_text("/config", config_yaml);
  std::map<std::string, std::vector<Metric>> groups;
  for (const Metric& metric : metrics) groups[group_of(metric.name)].push_back(metric);
  for (const auto& [group, members] : groups) log.add(group, MetricTable(log.file_, members));
  log.flush();
  log.close();
}

// What refuses to be written as late as this is an Error, too.
void RunLog::close() {
  columns_.clear();
  tables_.clear();
  films_.clear();
  file_.close();
}

// Of a run's file.
static int64_t format_of(const h5::File& file) {
  const bool ours = file.has("/", "format") && file.text("/", "format") == "atelier-run";
  check(ours, "{}: is no run file of Atelier", file.name());
  const int64_t version = file.whole("/", "format_version");
  check(version >= 1, "{}: has the format {}, which no Atelier wrote", file.name(), version);
  check(version <= run_format_version,
        "{}: was written by a newer Atelier (format {}, this one reads up to {})", file.name(), version,
        run_format_version);
  return version;
}

static void require_present_format(const h5::File& file) {
  const int64_t format = format_of(file);
  check(format == run_format_version,
        "{}: was written by an older Atelier (run format {}), which can be read but not gone on with; "
        "train.init_from begins a new run from its weights",
        file.name(), format);
}

void RunLog::check_resumable(const std::filesystem::path& folder) {
  require_present_format(h5::File::open(folder / "run.h5"));
}

static std::string table_name(const std::string& group) { return "metrics/" + group; }
static std::string film_name(const std::string& film) { return "pictures/" + film; }

static constexpr int64_t all_there_are = std::numeric_limits<int64_t>::max();

static int64_t known_of(const RunLog::Extent& known, const std::string& name, int64_t otherwise) {
  const auto found = known.find(name);
  return found == known.end() ? otherwise : found->second;
}

RunLog::Extent RunLog::extent() const {
  Extent all;
  for (const auto& [group, table] : tables_) all[table_name(group)] = table.rows();
  for (const auto& [name, film] : films_) all[film_name(name)] = static_cast<int64_t>(film.steps.rows());
  return all;
}

RunLog RunLog::reopen(const std::filesystem::path& folder, int64_t step, const Extent& known) {
  RunLog log(h5::File::open(folder / "run.h5", true, h5::Writing::journaled));
  require_present_format(log.file_);
  log.file_.check_seal();  // none while it grows
  log.file_.check_contents();
  for (const auto& group : log.file_.children("/metrics"))
    log.add(group, MetricTable(log.file_, group, step, known_of(known, table_name(group), all_there_are)));
  log.reopen_films(step, known);
  const auto spent = [&](const char* name) {
    return log.file_.has("/", name) ? log.file_.number("/", name) : 0;
  };
  log.cpu_before_ = spent("cpu_s");
  log.wall_before_ = spent("wall_s");
  log.sign();
  return log;
}

bool RunLog::put_back() {
  if (h5::is_in_place(file_)) return false;
  h5::put_back(file_);
  const auto clocks = std::tuple(cpu_before_, wall_before_, began_);
  *this = reopen(std::filesystem::path(file_.name()).parent_path(), std::numeric_limits<int64_t>::max());
  std::tie(cpu_before_, wall_before_, began_) = clocks;
  return true;
}

void RunLog::forget(const std::string& group) {
  if (const auto table = tables_.find(group); table != tables_.end()) table->second.clear();
}

void RunLog::add(const std::string& group, MetricTable table) {
  MetricTable& kept = tables_.emplace(group, std::move(table)).first->second;  // which a map never moves
  for (size_t k = 0; k < kept.names().size(); ++k) columns_[group + "/" + kept.names()[k]] = {&kept, k};
}

// Of a film: [T, H, W, 3], no larger than a picture can be.
static h5::Axes frames_shape(const h5::File& file, const std::string& film) {
  constexpr hsize_t most = 1 << 14;
  h5::Axes shape = file.shape(film + "/frames", {h5::any, h5::any, h5::any, h5::any});
  const bool fits = shape[1] >= 1 && shape[1] <= most && shape[2] >= 1 && shape[2] <= most &&
                    (shape[3] == 1 || shape[3] == 3 || shape[3] == 4);
  check(fits, "{}: '{}' has frames of {} x {} pixels and {} channels", file.name(), film, shape[1], shape[2],
        shape[3]);
  return shape;
}

void RunLog::reopen_films(int64_t step, const Extent& known) {
  for (const auto& name : file_.children("/pictures")) {
    const std::string path = "/pictures/" + name;
    const auto steps = file_.read<int64_t>(path + "/step");
    const auto shape = frames_shape(file_, path);
    Film film;
    film.shape = {shape.begin() + 1, shape.end()};
    film.frames = h5::ResizableDataset(file_, path + "/frames", H5T_NATIVE_UINT8, film.shape, 1);
    film.steps = h5::ResizableDataset(file_, path + "/step", H5T_NATIVE_INT64, {}, steps_per_chunk);
    const int64_t whole = std::min<int64_t>(std::ssize(steps), static_cast<int64_t>(film.frames.rows())),
                  most = std::min(whole, known_of(known, film_name(name), known.empty() ? all_there_are : 0));
    hsize_t keep = 0;
    while (static_cast<int64_t>(keep) < most && steps[keep] <= step) ++keep;
    film.frames.truncate(keep);
    film.steps.truncate(keep);
    films_.emplace(name, std::move(film));
  }
}

void RunLog::sign() {
  char host[256] = {};
  gethostname(host, sizeof host - 1);
  file_.unseal();
  set("status", "running");
  set("end", "");
  set("host", host);
  set("pid", std::to_string(getpid()));
  began_ = seconds_now();
}

void RunLog::log(const std::string& metric, const Row& row) {
  const auto column = columns_.find(metric);
  check(column != columns_.end(), "metric '{}' was logged but not registered in build()", metric);
  column->second.first->put(column->second.second, row);
}

void RunLog::declare(const std::vector<Metric>& metrics) {
  add(group_of(metrics.at(0).name), MetricTable(file_, metrics));
}

RunLog::Film& RunLog::film(const std::string& name, const std::string& kind, const std::string& sentence,
                           const Image& image) {
  if (const auto found = films_.find(name); found != films_.end()) return found->second;
  const std::string path = "/pictures/" + name;
  Film film;
  film.shape = {static_cast<hsize_t>(image.height), static_cast<hsize_t>(image.width),
                static_cast<hsize_t>(image.channels)};
  film.frames = h5::ResizableDataset(file_, path + "/frames", H5T_NATIVE_UINT8, film.shape, 1, 4);
  film.steps = h5::ResizableDataset(file_, path + "/step", H5T_NATIVE_INT64, {}, steps_per_chunk);
  file_.set(path + "/frames", "kind", kind);
  file_.set(path + "/frames", "sentence", sentence);
  file_.set(path + "/frames", "order", std::to_string(films_.size()));
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

void RunLog::finish(const std::string& status) {
  for (auto& [group, table] : tables_) table.seal();
  set("status", status);
  set("end", now_iso());
  put_down();
  file_.seal();
  file_.flush();  // all at once: what is refused here leaves a run that goes on
}

void RunLog::flush() {
  put_down();
  file_.flush();
}

void RunLog::put_down() {
  for (auto& [group, table] : tables_) table.write();
  set("heartbeat", now_iso());
  file_.set("/", "wall_s", wall_before_ + seconds_now() - began_);
  file_.set("/", "cpu_s", cpu_before_ + static_cast<double>(std::clock()) / CLOCKS_PER_SEC);
}

RunFile::RunFile(const std::filesystem::path& run_folder)
    : folder_(run_folder), file_(h5::File::open_live(run_folder / "run.h5")), format_(format_of(file_)) {
  file_.check_seal();  // none while it grows
}

std::string RunFile::attribute(const std::string& name) const {
  return file_.has("/", name) ? file_.text("/", name) : "";
}

Attributes RunFile::attributes() const {
  Attributes all;
  for (const auto& name : file_.attributes("/"))
    if (!h5::is_seal(name)) all.emplace_back(name, file_.print("/", name));
  return all;
}

template <class Read>
auto RunFile::settled(const Read& read) const {
  for (int attempt = 0;; ++attempt) {
    try {
      return read();
    } catch (const Error&) {
      if (file_.is_sealed() || !h5::wait_for_writer(folder_ / "run.h5", attempt)) throw;
    }
    file_.close();  // what is open stays as it was when it was opened
    file_ = h5::File::open_live(folder_ / "run.h5");
    file_.check_seal();
  }
}

std::vector<Metric> RunFile::metrics() const {
  if (format_ == 1) return run_format_1::metrics(file_);
  return settled([&] {
    std::vector<Metric> all;
    for (const auto& group : file_.children("/metrics"))
      for (Metric& metric : MetricColumns(file_, group).metrics()) all.push_back(std::move(metric));
    return all;
  });
}

std::vector<Row> RunFile::rows(const std::string& metric) const {
  if (format_ == 1) return run_format_1::rows(file_, metric);
  return settled([&] {
    if (!file_.exists("/metrics/" + group_of(metric))) return std::vector<Row>();
    return MetricColumns(file_, group_of(metric)).rows(metric);
  });
}

std::optional<Row> RunFile::last_row(const std::string& metric) const {
  if (format_ == 1) return run_format_1::last_row(file_, metric);
  return settled([&]() -> std::optional<Row> {
    if (!file_.exists("/metrics/" + group_of(metric))) return std::nullopt;
    return MetricColumns(file_, group_of(metric)).last_row(metric);
  });
}

void RunFile::each(const Visit& visit) const {
  if (format_ == 1) return run_format_1::each(file_, visit);
  for (const auto& group : settled([&] { return file_.children("/metrics"); }))
    settled([&] { return MetricColumns(file_, group).whole(); }).each(visit);
}

// Which film it is of those that the run has begun; older runs do not say.
static int order_of(const h5::File& file, const std::string& frames) {
  return file.has(frames, "order") ? std::atoi(file.text(frames, "order").c_str()) : 0;
}

std::vector<RunFile::Film> RunFile::pictures() const {
  return settled([&] { return films(); });
}

std::vector<RunFile::Film> RunFile::films() const {
  std::vector<std::pair<int, Film>> films;
  for (const auto& name : file_.children("/pictures")) {
    const std::string frames = "/pictures/" + name + "/frames";
    const auto shape = frames_shape(file_, "/pictures/" + name);
    Film film{name,
              file_.text(frames, "kind"),
              file_.text(frames, "sentence"),
              file_.read<int64_t>("/pictures/" + name + "/step"),
              shape[1],
              shape[2],
              shape[3]};
    film.steps.resize(std::min<size_t>(film.steps.size(), shape[0]));
    films.emplace_back(order_of(file_, frames), std::move(film));
  }
  std::stable_sort(films.begin(), films.end(), [](auto& a, auto& b) { return a.first < b.first; });
  std::vector<Film> sorted;
  sorted.reserve(films.size());
  for (auto& [order, film] : films) sorted.push_back(std::move(film));
  return sorted;
}

Image RunFile::frame(const std::string& picture, size_t index) const {
  return settled([&] { return read_frame(picture, index); });
}

Image RunFile::read_frame(const std::string& picture, size_t index) const {
  const std::string path = "/pictures/" + picture + "/frames";
  const auto shape = frames_shape(file_, "/pictures/" + picture);
  check(index < shape[0], "{}: picture '{}' has {} frames, no frame {}", file_.name(), picture, shape[0],
        index);
  const std::vector<hsize_t> start{index, 0, 0, 0}, size{1, shape[1], shape[2], shape[3]};
  Image image{static_cast<int>(shape[2]), static_cast<int>(shape[1]), static_cast<int>(shape[3]), {}};
  image.pixels.resize(shape[1] * shape[2] * shape[3]);
  const h5::Handle data = h5::opened(file_, path);
  const h5::Handle space(H5Dget_space(data), H5Sclose);
  H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, size.data(), nullptr);
  const h5::Handle memory(H5Screate_simple(4, size.data(), nullptr), H5Sclose);
  check(H5Dread(data, H5T_NATIVE_UINT8, memory, space, H5P_DEFAULT, image.pixels.data()) >= 0,
        "{}: picture '{}' cannot be read", file_.name(), picture);
  return image;
}

}  // namespace core
