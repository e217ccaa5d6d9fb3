#include "commands/show_data.h"

#include <fmt/ranges.h>

#include <iostream>

#include "core/error.h"
#include "core/path.h"
#include "render/draw.h"
#include "render/png.h"
#include "training/data/all.h"
#include "training/loop/gallery.h"

namespace commands {
namespace {

using torch::Tensor;
using training::Dataset;

constexpr int64_t shown_rows = 20;

training::data::Data load_data(const ShowCommand& command) {
  core::Value root = core::Value::map(), data = core::Value::map();
  data.set("name", core::Value::string(command.name));
  root.set("data", std::move(data));
  for (const std::string& assignment : command.overrides) core::apply_override(root, assignment);
  training::data::Options options;
  core::Fields fields;
  fields.tagged("data", options.tagged(), "");
  core::read_fields(fields, root);
  return options.load();
}

// Of classes and symbols the range alone.
std::string numbers_of(const Tensor& values) {
  if (values.numel() == 0) return "";
  const Tensor all = values.to(torch::kFloat64);
  const std::string range =
      fmt::format(", {:.4g} .. {:.4g}", all.min().item<double>(), all.max().item<double>());
  if (values.scalar_type() == torch::kInt64) return range;
  return range + fmt::format(", mean {:.4g}, deviation {:.4g}", all.mean().item<double>(),
                             all.std(false).item<double>());
}

std::string dtype_of(const Tensor& values) {
  switch (values.scalar_type()) {
    case torch::kUInt8:
      return "uint8";
    case torch::kBool:
      return "bool";
    case torch::kInt64:
      return "int64";
    default:
      return "float32";  // the others that columns have: training/data/batch.h
  }
}

void print_part(const std::string& name, const Dataset& part) {
  if (part.size() == 0) return;
  std::cout << fmt::format("{:<11} {} rows\n", name, part.size());
  for (const training::Column& column : part.rows.columns()) {
    const Tensor& values = column.values;
    std::cout << fmt::format("  {:<9} {} [{}]{}\n", column.name, dtype_of(values),
                             fmt::join(values.sizes().slice(column.ragged() ? 0 : 1), ", "),
                             numbers_of(values));
  }
}

// How many rows of each part a class has.
void print_classes(const training::data::Data& data) {
  const Tensor& targets = data.train.targets();
  if (!targets.defined() || targets.is_floating_point() || targets.dim() != 1) return;
  const auto K = std::ssize(data.train.classes);
  std::cout << "classes (rows to learn from, to choose by, to be tested on)\n";
  const auto counted = [K](const Dataset& part) {
    return part.size() > 0 ? torch::bincount(part.targets(), {}, K) : torch::zeros({K}, torch::kInt64);
  };
  const Tensor train = counted(data.train), valid = counted(data.valid), test = counted(data.test);
  for (int64_t k = 0; k < K; ++k)
    std::cout << fmt::format("  {:>7} {:>7} {:>7}  {}\n", train[k].item<int64_t>(), valid[k].item<int64_t>(),
                             test[k].item<int64_t>(), data.train.classes[size_t(k)]);
}

// What is to be foretold of row i.
std::string label_of(const Dataset& rows, int64_t i) {
  const Tensor& targets = rows.targets();
  if (!targets.defined()) return "";
  if (!targets.is_floating_point() && targets.dim() == 1)
    return rows.classes.at(size_t(targets[i].item<int64_t>()));
  std::vector<std::string> words;
  const Tensor row = targets[i].flatten();
  for (int64_t k = 0; k < row.size(0); ++k)
    words.push_back(targets.is_floating_point()  ? fmt::format("{:.3g}", row[k].item<double>())
                    : row[k].item<int64_t>() < 0 ? "."
                                                 : rows.classes.at(size_t(row[k].item<int64_t>())));
  return fmt::format("{}", fmt::join(words, targets.is_floating_point() ? ", " : ""));
}

// A row of symbols, or of numbers.
std::string words_of(const Dataset& rows, int64_t i) {
  const Tensor row = rows.inputs()[i].flatten();
  std::string text;
  constexpr int64_t most = 200;
  for (int64_t k = 0; k < std::min(row.size(0), most); ++k)
    text += row.is_floating_point() || rows.classes.empty()
                ? fmt::format("{}{:.3g}", k > 0 ? " " : "", row[k].item<double>())
                : rows.classes.at(size_t(row[k].item<int64_t>()));
  return row.size(0) > most ? text + " ..." : text;
}

core::Picture twenty_rows(const Dataset& rows) {
  const int64_t n = std::min(shown_rows, rows.size());
  core::Gallery gallery;
  std::vector<std::string> labels;
  const Tensor spread = (torch::arange(n) * rows.size()).div(n, "floor");  // files often come class by class
  const auto row = [&](int64_t i) { return spread[i].item<int64_t>(); };
  for (int64_t i = 0; i < n; ++i) labels.push_back(label_of(rows, row(i)));
  if (training::are_images(rows.inputs())) {
    training::add_images(gallery, "rows", "Rows to learn from", rows.inputs().index_select(0, spread), 5,
                         labels);
  } else {
    std::string lines;
    for (int64_t i = 0; i < n; ++i)
      lines +=
          words_of(rows, row(i)) + (labels[size_t(i)].empty() ? "" : "  ->  " + labels[size_t(i)]) + '\n';
    gallery.text("rows", "Rows to learn from", lines);
  }
  return gallery.pictures.at(0);
}

// [N, 2]: rows of two numbers, which may have a class, or of one number and what follows from it; undefined
// where they lie in no plane.
Tensor plane_of(const Tensor& inputs, const Tensor& targets) {
  if (!inputs.is_floating_point() || inputs.dim() != 2) return {};
  const bool numbers = targets.defined() && targets.is_floating_point();
  if (inputs.size(1) == 2 && !numbers) return inputs;
  const bool pair = inputs.size(1) == 1 && numbers && targets.dim() == 2 && targets.size(1) == 1;
  return pair ? torch::cat({inputs, targets}, 1) : Tensor();
}

core::Picture points_of(const Dataset& rows, const Tensor& plane) {
  constexpr int64_t most = 2000;  // more hide each other
  const int64_t n = std::min(plane.size(0), most);
  const Tensor xy = plane.narrow(0, 0, n);
  core::Gallery gallery;
  if (rows.classes.empty())
    training::add_points(gallery, "rows", "Rows to learn from", xy, training::around(xy));
  else
    training::add_points(gallery, "rows", "Rows to learn from", xy, training::around(xy),
                         rows.targets().narrow(0, 0, n), rows.classes);
  return gallery.pictures.at(0);
}

core::Picture picture_of(const Dataset& rows) {
  const Tensor plane = plane_of(rows.inputs(), rows.targets());
  return plane.defined() ? points_of(rows, plane) : twenty_rows(rows);
}

}  // namespace

int show_data(const ShowCommand& command) {
  core::check_ending(command.picture, "--picture", ".png");
  const training::data::Data data = load_data(command);
  core::check(data.train.size() > 0, "data: '{}' has no rows to learn from", command.name);
  if (!data.note.empty()) std::cerr << "note: " << data.note << '\n';
  print_part("train", data.train);
  print_part("validation", data.valid);
  print_part("test", data.test);
  print_classes(data);
  if (data.entropy) std::cout << fmt::format("entropy     {:.4f} nats\n", *data.entropy);
  render::write_png(render::draw(picture_of(data.train)), command.picture);
  std::cout << command.picture << '\n';
  return 0;
}

}  // namespace commands
