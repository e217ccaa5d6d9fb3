// One group of the checkpoint, /buffers/rows.
#include "training/data/recall.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "training/data/loader.h"
#include "training/loop/gallery.h"

namespace training::data {

namespace {

constexpr std::array types{torch::kUInt8, torch::kFloat32, torch::kInt64};

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += name + '\0';
  return all;
}

std::vector<std::string> parted(const std::vector<char>& text) {
  std::vector<std::string> names;
  for (auto at = text.begin(); at != text.end();) {
    const auto end = std::find(at, text.end(), '\0');
    names.emplace_back(at, end);
    at = end == text.end() ? end : end + 1;
  }
  return names;
}

std::optional<core::Rect> window_of(const Dataset& set) {
  const bool plane = set.inputs().dim() == 2 && set.inputs().size(1) == 2 && set.inputs().is_floating_point();
  return plane && set.size() > 0 ? std::optional(around(set.inputs())) : std::nullopt;
}

void save(core::Archive& archive, const Data& data) {
  const torch::Tensor& rows = data.train.inputs();
  std::vector<int64_t> shape = rows.sizes().slice(1).vec();
  int64_t type = std::find(types.begin(), types.end(), rows.scalar_type()) - types.begin();
  const std::string names = joined(data.train.classes);
  std::vector<char> classes(names.begin(), names.end());
  std::vector<core::Rect> window;
  if (data.window) window.push_back(*data.window);
  archive.sized("shape", shape);
  archive("type", type);
  archive.sized("classes", classes);
  archive.sized("window", window);
  const std::string named = joined(data.train.numbers);
  std::vector<char> numbers(named.begin(), named.end());
  if (!numbers.empty()) archive.sized("numbers", numbers);
  const std::string kind_names = joined(data.train.kinds);
  std::vector<char> kinds(kind_names.begin(), kind_names.end());
  if (!kinds.empty()) archive.sized("kinds", kinds);
  const std::string known = joined(data.words);
  std::vector<char> words(known.begin(), known.end());
  if (!words.empty()) archive.sized("words", words);
}

Data recalled(core::Archive& archive) {
  std::vector<int64_t> shape;
  int64_t type = 0;
  std::vector<char> classes;
  std::vector<core::Rect> window;
  archive.sized("shape", shape);
  archive("type", type);
  archive.sized("classes", classes);
  archive.sized("window", window);
  double elements = 1;
  for (const int64_t d : shape) elements *= d >= 1 ? double(d) : 1e18;
  core::check(shape.size() <= 8 && elements <= 1 << 28, "saved rows have the shape [{}]",
              fmt::join(shape, ", "));
  shape.insert(shape.begin(), 0);
  core::check(type >= 0 && type < std::ssize(types), "saved rows are of type {}, which is none", type);
  Dataset empty{torch::empty(shape, types[size_t(type)]), {}, parted(classes)};
  if (!empty.classes.empty()) empty.rows.set(column::targets, torch::empty({0}, torch::kInt64));
  std::vector<char> numbers;
  if (archive.blobs().contains("numbers")) archive.sized("numbers", numbers);
  empty.numbers = parted(numbers);
  if (!numbers.empty()) empty.rows.set(column::targets, torch::empty({0, std::ssize(empty.numbers)}));
  std::vector<char> kinds;
  if (archive.blobs().contains("kinds")) archive.sized("kinds", kinds);
  empty.kinds = parted(kinds);
  Data data{empty, empty, empty, {}};
  if (!window.empty()) data.window = window[0];
  std::vector<char> words;
  if (archive.blobs().contains("words")) archive.sized("words", words);
  data.words = parted(words);
  return data;
}

Data loaded(const Options& options) {
  Data data = options.load();
  data.window = window_of(data.valid);
  return data;
}

// Nothing where the data are wanted or nobody remembers them.
std::optional<Data> remembered(Build& build, const Options& options, HeldOutRows held_out) {
  std::optional<core::Archive> saved = build.saved("rows");
  if (build.purpose() != Purpose::inference || !saved) return std::nullopt;
  if (held_out == HeldOutRows::not_needed) return recalled(*saved);
  try {
    return loaded(options);
  } catch (const core::Error& error) {
    build.note(fmt::format("without held-out rows, which cannot be read ({})", error.what()));
    return recalled(*saved);
  }
}

}  // namespace

Data load(Build& build, const Options& options, HeldOutRows held_out) {
  std::optional<Data> known = remembered(build, options, held_out);
  const Data data = known ? std::move(*known) : loaded(options);
  if (!data.note.empty()) build.note(data.note);
  build.inference_state("rows", [data](core::Archive& archive) {
    if (!archive.loading()) save(archive, data);
  });
  return data;
}

namespace {

std::unique_ptr<Source> table_source(Build& build, const Dataset& rows, const Options& options,
                                     const std::string& purpose) {
  return std::make_unique<Loader>(rows, options.batch_size, build.seed_for(purpose), build.device());
}

std::unique_ptr<Source> endless_source(Build& build, const Endless& endless, const Options& options,
                                       const std::string& purpose) {
  return std::make_unique<EndlessLoader>(endless.draw, options.batch_size, endless.epoch_rows,
                                         build.seed_for(purpose), build.device());
}

Endless without_labels(Endless endless) {
  endless.draw = [draw = endless.draw](int64_t rows, uint64_t seed) {
    Dataset drawn = draw(rows, seed);
    drawn.rows.set(column::targets, {});
    return drawn;
  };
  return endless;
}

}  // namespace

std::unique_ptr<Source> register_source(Build& build, const Data& data, const Options& options) {
  if (data.train.size() == 0) return nullptr;
  const bool drawn = data.endless && !options.labelled;
  auto source = drawn ? endless_source(build, *data.endless, options, "data")
                      : table_source(build, data.train, options, "data");
  build.source("train", *source);
  return source;
}

std::unique_ptr<Source> register_unlabelled(Build& build, const Data& data, const Options& options) {
  core::check(options.labelled.has_value(),
              "data.labelled: expected how many rows tell their labels, beside those that do not");
  if (data.train.size() == 0) return nullptr;
  auto source = data.endless
                    ? endless_source(build, without_labels(*data.endless), options, "unlabelled data")
                    : table_source(build, data.unlabelled, options, "unlabelled data");
  build.source("unlabelled", *source);
  return source;
}

}  // namespace training::data
