// Rows as a small map of named tensors: what a data set holds, and what a source yields of it.
#pragma once

#include "training/torch.h"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace training {

// Names that several learners read. A source may bring others; up to 15 letters cost a step no allocation.
namespace column {
inline constexpr const char* inputs = "inputs";    // [B, ...] float32 or int64 symbols
inline constexpr const char* targets = "targets";  // [B] classes, [B, T] symbols or [B, K] float32
inline constexpr const char* mask = "mask";        // [B, H, W] bool: where in the picture something is
inline constexpr const char* boxes = "boxes";  // ragged [n, 4] float32: left, top, width, height in pixels
inline constexpr const char* centres = "centres";  // ragged [n, 2] float32: from the left and top in pixels
inline constexpr const char* labels = "labels";    // ragged [n] int64: what is in each box, by Dataset::kinds
inline constexpr const char* lengths = "lengths";  // [B] int64: how much of a padded row counts
// [B] int64, where pictures have several sizes: each lies in the upper left corner, so many pixels wide and
// high.
inline constexpr const char* sides = "sides";
inline constexpr const char* certain = "certain";    // [B, T] bool: the target is all that can follow
inline constexpr const char* surprise = "surprise";  // [B] float64: -ln p of the row by its source, in nats
inline constexpr const char* state = "state";        // [B, S] float32: the numbers a picture was made of
}  // namespace column

// One named tensor. Of a ragged one row i is values[offsets[i] .. offsets[i + 1] - 1].
struct Column {
  std::string name;
  torch::Tensor values;   // [B, ...]; ragged: [all rows' items, ...]
  torch::Tensor offsets;  // ragged: [B + 1] int64 on the CPU, from 0; else undefined

  bool ragged() const { return offsets.defined(); }
  int64_t size() const { return ragged() ? offsets.size(0) - 1 : values.size(0); }
  torch::Tensor row(int64_t i) const;
  // Rows `index` [n] int64, on the CPU.
  Column rows(const torch::Tensor& index) const;
};

class Batch {
 public:
  Batch() = default;
  explicit Batch(torch::Tensor inputs, torch::Tensor targets = {});

  // Adds a column or takes the place of the one of this name; an undefined tensor leaves it out.
  void set(std::string_view name, torch::Tensor values, torch::Tensor offsets = {});
  const Column* find(std::string_view name) const;  // null where there is none
  // Its values; an undefined tensor where there is none.
  const torch::Tensor& operator[](std::string_view name) const;
  const torch::Tensor& inputs() const { return (*this)[column::inputs]; }
  const torch::Tensor& targets() const { return (*this)[column::targets]; }
  const std::vector<Column>& columns() const { return columns_; }
  int64_t size() const { return columns_.empty() ? 0 : columns_[0].size(); }  // B
  // Rows `index` [n] int64 of every column.
  Batch rows(const torch::Tensor& index) const;

 private:
  std::vector<Column> columns_;
};

// What is there to draw from, and what its numbers mean.
struct Dataset {
  Batch rows;                        // bytes are pictures, scaled to 0..1 on the way
  std::vector<std::string> classes;  // names of the classes or symbols; empty without
  std::vector<std::string> numbers;  // names of the K numbers of real-valued targets; empty without
  std::vector<std::string> kinds;    // names of what the column `labels` tells of each box; empty without

  Dataset() = default;
  Dataset(torch::Tensor inputs, torch::Tensor targets, std::vector<std::string> class_names = {})
      : rows(std::move(inputs), std::move(targets)), classes(std::move(class_names)) {}
  explicit Dataset(Batch own, std::vector<std::string> class_names = {},
                   std::vector<std::string> number_names = {})
      : rows(std::move(own)), classes(std::move(class_names)), numbers(std::move(number_names)) {}

  const torch::Tensor& inputs() const { return rows.inputs(); }
  const torch::Tensor& targets() const { return rows.targets(); }
  int64_t size() const { return rows.size(); }
};

// The parts on which nothing is learned: every choice is made by the first (best.h5, early stop, sweeps), the
// second only tells, once, what the chosen weights are worth.
enum class Split { valid, test };

inline constexpr int64_t all_rows = std::numeric_limits<int64_t>::max();

// The rows as a batch on `device`, pictures as floats 0..1.
Batch on_device(const Batch& rows, torch::Device device);
// Rows `index` of `data`, likewise.
Batch gather(const Dataset& data, const torch::Tensor& index, torch::Device device);
// Rows first .. first + count - 1 (fewer at the end), in their own order: for evaluation, which
// a signal cuts short here.
Batch slice(const Dataset& data, int64_t first, int64_t count, torch::Device device);

}  // namespace training
