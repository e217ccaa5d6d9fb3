// The table of data sources: every name, what it is, how it is read or made.
#pragma once

#include "training/torch.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/canvas.h"
#include "core/options.h"
#include "core/table.h"
#include "training/data/batch.h"
#include "training/data/endless_loader.h"
#include "training/data/resolutions.h"

namespace training::data {

// Where a mixture has its centres, and the standard deviation around each.
struct Mixture {
  torch::Tensor centres;  // [K, D]
  double deviation;
};

// Rows without end to learn from: each batch is drawn anew, and so many rows are called an epoch.
struct Endless {
  DrawRows draw;
  int64_t epoch_rows;
};

// Sequences longer than any that is learned from, and by what names: whether a model goes on counting.
struct Beyond {
  Dataset rows;
  std::vector<std::string> names;
};

// Whether a sequence of symbols, between its two newlines, is in the language.
using Grammatical = std::function<bool(const std::vector<int64_t>& symbols)>;

// What a source gives. Where the density is known exactly, a density model's loss has an absolute floor.
struct Data {
  Dataset train, valid, test;
  std::optional<double> entropy;  // nats
  std::function<torch::Tensor(const torch::Tensor&)>
      log_density{};                   // [M, 2] -> [M] nats, float64; may be empty
  std::optional<Mixture> mixture{};    // of a mixture
  std::optional<core::Rect> window{};  // of points of the plane: where those to choose by lie
  std::string note{};                  // what was not read as it stands, for whoever starts a run
  std::string no_labels{};             // why there are none, or but one class, in the words of the source
  std::optional<Endless> endless{};    // then `train` holds examples alone, for shapes, scales and names
  Dataset unlabelled{};              // what is learned from, without labels, where Options::labelled is given
  Grammatical grammatical{};         // of a formal language; may be empty
  std::optional<Beyond> beyond{};    // likewise
  std::vector<std::string> words{};  // what the numbers of texts with a class stand for; empty without
  bool memorised = false;            // so few rows that a model's grade on those it learned from is told, too

  // Its first rows, at most so many.
  Dataset part(Split split, int64_t rows = all_rows) const;
};

// Whether all numbers are in 0..1, as those of pictures are on their way to a learner.
bool in_unit_range(const Dataset& data);

struct Entry {
  std::string name;
  std::string sentence;
  std::string source;  // where it comes from
  // A fresh set of options with defaults: its fields, and the data made from them.
  struct Factory {
    std::function<void(core::Fields&)> fields;
    std::function<Data()> make;  // the same options give the same data, whatever the seed of the run
  };
  std::function<Factory()> factory;
};

const core::Table<Entry>& all();
// A source that a program composes above training, or a user's own: in the table from now on, in the place of
// one of its name.
void add(const Entry& entry);

// S has fields(core::Fields&) and load() -> Data.
template <class S>
Entry::Factory factory() {
  auto source = std::make_shared<S>();
  return {[source](core::Fields& f) { source->fields(f); }, [source] { return source->load(); }};
}

// The `data:` section of an experiment: `data: NAME` or `data: {name: NAME, batch_size: 128, ...}`.
struct Options {
  std::string name;
  int64_t batch_size = 128;
  std::string permute = "none";
  std::optional<int64_t> labelled;
  Resolutions resolutions;
  Entry::Factory factory;  // of the chosen name

  core::TaggedSection tagged();  // for Fields::tagged("data", ...)
  Data load() const;             // Error without a name
};

}  // namespace training::data
