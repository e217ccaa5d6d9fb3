// zlib reads plain files and .gz alike.
#include "training/data/idx.h"

#include <fmt/ranges.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <memory>

#include "core/memory.h"
#include "training/data/file.h"

namespace training::data {
namespace {

namespace fs = std::filesystem;

struct Header {
  int64_t item = 1;  // bytes per value
  std::vector<int64_t> shape;
  int64_t bytes = 0;
};

class Reader {
 public:
  explicit Reader(fs::path file) : file_(std::move(file)), gz_(gzopen(file_.c_str(), "rb"), gzclose) {
    require_data(file_, "an IDX file");
    core::check(gz_ != nullptr, "{}: cannot be read", file_.string());
    gzbuffer(gz_.get(), 1 << 17);
  }

  // Up to `count` bytes; fewer only at the end of the file or where a .gz breaks off.
  int64_t read(uint8_t* to, int64_t count) {
    int64_t got = 0;
    while (got < count) {
      const auto piece = static_cast<unsigned>(std::min<int64_t>(count - got, 1 << 24));
      const int n = gzread(gz_.get(), to + got, piece);
      if (n <= 0) break;
      got += n;
    }
    return got;
  }
  Header header();

 private:
  fs::path file_;
  std::unique_ptr<gzFile_s, int (*)(gzFile)> gz_;
};

Header Reader::header() {
  const std::string name = file_.string();
  std::array<uint8_t, 4> magic{};
  const int64_t got = read(magic.data(), 4);
  core::check(got == 4, "{}: not an IDX file, or truncated: {} bytes can be read", name, got);
  core::check(magic[0] == 0 && magic[1] == 0,
              "{}: not an IDX file: expected it to begin with 00 00 <type> <rank>, found {:02x}", name,
              fmt::join(magic, " "));
  core::check(magic[2] == 0x08 || magic[2] == 0x0d,
              "{}: IDX type 0x{:02x}: expected 0x08 (unsigned byte) or 0x0d (float)", name, magic[2]);
  core::check(magic[3] >= 1 && magic[3] <= 4, "{}: IDX of rank {}: expected 1 .. 4", name, magic[3]);
  Header h{.item = magic[2] == 0x08 ? 1 : 4};
  h.bytes = h.item;
  // Deflate packs at most 1032 to 1: a larger claim is a broken header, and must not be allocated.
  const double most = double(fs::file_size(file_)) * 1032;
  for (int d = 0; d < magic[3]; ++d) {
    std::array<uint8_t, 4> b{};
    core::check(read(b.data(), 4) == 4, "{}: truncated inside its IDX header", name);
    h.shape.push_back(int64_t(b[0]) << 24 | b[1] << 16 | b[2] << 8 | b[3]);
    core::check(double(h.bytes) * double(h.shape.back()) <= most,
                "{}: truncated or no IDX file: its header promises a shape of [{}], the file has {} bytes",
                name, fmt::join(h.shape, ", "), fs::file_size(file_));
    h.bytes *= h.shape.back();
  }
  core::check(h.bytes > 0, "{}: no values: its IDX header promises a shape of [{}]", name,
              fmt::join(h.shape, ", "));
  return h;
}

void swap_floats(torch::Tensor& values) {
  auto* word = static_cast<uint32_t*>(values.data_ptr());
  for (int64_t i = 0; i < values.numel(); ++i) word[i] = __builtin_bswap32(word[i]);
}

// Pictures get their channel: [M, H, W] -> [M, 1, H, W].
torch::Tensor read_inputs(const fs::path& file) {
  const torch::Tensor inputs = read_idx(file);
  core::check(inputs.dim() >= 2, "{}: expected pictures or rows (IDX of rank 2 .. 4), found rank {}",
              file.string(), inputs.dim());
  return inputs.dim() == 3 ? inputs.unsqueeze(1) : inputs;
}

torch::Tensor read_labels(const fs::path& file, int64_t rows, const fs::path& inputs) {
  const torch::Tensor labels = read_idx(file);
  core::check(labels.dim() == 1 && labels.scalar_type() == torch::kUInt8,
              "{}: expected labels (IDX of rank 1, unsigned bytes), found rank {}, {}", file.string(),
              labels.dim(), labels.scalar_type() == torch::kUInt8 ? "unsigned bytes" : "floats");
  core::check(labels.size(0) == rows, "{}: {} labels, but {} has {} rows", file.string(), labels.size(0),
              inputs.string(), rows);
  return labels.to(torch::kInt64);
}

Dataset read_set(const fs::path& inputs, const fs::path& labels, const std::vector<std::string>& classes) {
  Dataset set(read_inputs(inputs), {});
  core::check(set.size() > 0, "{}: no rows", inputs.string());
  if (labels.empty()) return set;
  set.rows.set(column::targets, read_labels(labels, set.size(), inputs));
  set.classes = classes;
  const int64_t largest = set.targets().max().item<int64_t>();
  core::check(classes.empty() || largest < int64_t(classes.size()), "{}: label {}, but there are {} classes",
              labels.string(), largest, classes.size());
  for (int64_t k = 0; classes.empty() && k <= largest; ++k) set.classes.push_back(std::to_string(k));
  return set;
}

// Labels that only one of the two sets knows still need a name in both.
Data both(Dataset train, Dataset test, const fs::path& test_inputs) {
  core::check(train.inputs().sizes().slice(1) == test.inputs().sizes().slice(1),
              "{}: rows of shape [{}], the training set's are [{}]", test_inputs.string(),
              fmt::join(test.inputs().sizes().slice(1), ", "),
              fmt::join(train.inputs().sizes().slice(1), ", "));
  auto& longer = train.classes.size() > test.classes.size() ? train.classes : test.classes;
  train.classes = test.classes = std::vector(longer);
  return {std::move(train), {}, std::move(test), {}};
}

void keep_first(Dataset& set, std::optional<int64_t> rows, const char* option) {
  if (!rows) return;
  core::check(*rows <= set.size(), "data.{}: {} wanted, there are {}", option, *rows, set.size());
  set.rows.set(column::inputs, set.inputs().narrow(0, 0, *rows));
  set.rows.set(column::targets, set.targets().narrow(0, 0, *rows));
}

fs::path mnist_file(const fs::path& folder, const std::string& name) {
  for (const char* ending : {"", ".gz"})
    if (fs::exists(folder / (name + ending))) return folder / (name + ending);
  core::fail(
      "{}: expected {} or {}.gz there; Debian's package dataset-fashion-mnist brings them, data.path names "
      "another folder",
      folder.string(), name, name);
}

}  // namespace

torch::Tensor read_idx(const fs::path& file) {
  Reader reader(file);
  const Header h = reader.header();
  const std::string what = fmt::format("data: {}: [{}] values", file.string(), fmt::join(h.shape, ", "));
  core::foresee_memory(2 * double(h.bytes), what + ", held twice while some are set aside,");
  core::require_memory(double(h.bytes), what);
  auto values = torch::empty(h.shape, h.item == 1 ? torch::kUInt8 : torch::kFloat32);
  auto* bytes = static_cast<uint8_t*>(values.data_ptr());
  const int64_t got = reader.read(bytes, h.bytes);
  core::check(got == h.bytes, "{}: truncated: expected {} bytes of values, found {}", file.string(), h.bytes,
              got);
  uint8_t more = 0;
  core::check(reader.read(&more, 1) == 0, "{}: longer than the {} bytes of values its IDX header promises",
              file.string(), h.bytes);
  if (h.item == 4 && std::endian::native == std::endian::little) swap_floats(values);
  core::check(h.item == 1 || values.isfinite().all().item<bool>(),
              "{}: holds numbers that are not finite (NaN or infinite)", file.string());
  return values;
}

void Idx::fields(core::Fields& f) {
  f.add("train_inputs", train_inputs,
        "IDX file of the training pictures [M, H, W], [M, C, H, W] or rows [M, D]", {.path = true});
  f.add("train_labels", train_labels, "IDX file of their labels [M]; empty: none", {.path = true});
  f.add("test_inputs", test_inputs, "IDX file of the test pictures or rows", {.path = true});
  f.add("test_labels", test_labels, "IDX file of their labels; empty: none", {.path = true});
  f.add("classes", classes, "Names of the classes; []: their numbers");
  holdout.fields(f);
}

Data Idx::load() const {
  core::check(!train_inputs.empty() && !test_inputs.empty(), "data: idx needs train_inputs and test_inputs");
  core::check(train_labels.empty() == test_labels.empty(),
              "data: idx needs both train_labels and test_labels, or neither");
  Data data = both(read_set(train_inputs, train_labels, classes), read_set(test_inputs, test_labels, classes),
                   test_inputs);
  holdout.take(data, train_inputs);
  return data;
}

void FashionMnist::fields(core::Fields& f) {
  f.add("path", path, "Folder of the four IDX files, plain or .gz", {.path = true});
  f.add("train_size", train_size, "Only the first so many training pictures, validation included; null: all",
        {.min = 1});
  f.add("test_size", test_size, "Only the first so many test pictures; null: all", {.min = 1});
  holdout.fields(f);
}

Data FashionMnist::load() const {
  const std::vector<std::string> names{"T-shirt", "trouser", "pullover", "dress", "coat",
                                       "sandal",  "shirt",   "sneaker",  "bag",   "ankle boot"};
  const auto set = [&](const std::string& prefix) {
    const fs::path images = mnist_file(path, prefix + "-images-idx3-ubyte");
    return read_set(images, mnist_file(path, prefix + "-labels-idx1-ubyte"), names);
  };
  Dataset train = set("train"), test = set("t10k");
  Data data = both(std::move(train), std::move(test), path);
  keep_first(data.train, train_size, "train_size");
  keep_first(data.test, test_size, "test_size");
  holdout.take(data, path);
  return data;
}

}  // namespace training::data
