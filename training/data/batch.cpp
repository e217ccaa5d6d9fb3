// A handful of columns: looking through them costs less than any map would.
#include "training/data/batch.h"

#include <algorithm>
#include <utility>

#include "core/error.h"
#include "core/interrupt.h"

namespace training {

torch::Tensor Column::row(int64_t i) const {
  if (!ragged()) return values[i];
  const int64_t* at = offsets.data_ptr<int64_t>() + i;
  return values.slice(0, at[0], at[1]);
}

// The items of the wanted rows one after another, and where each row of them begins.
static Column ragged_rows(const Column& column, const torch::Tensor& index) {
  const int64_t rows = index.size(0);
  const torch::Tensor offsets = torch::zeros({rows + 1}, torch::kInt64);
  const int64_t* from = column.offsets.data_ptr<int64_t>();
  std::vector<int64_t> items;
  for (int64_t i = 0; i < rows; ++i) {
    const auto row = index[i].item<int64_t>();
    for (int64_t item = from[row]; item < from[row + 1]; ++item) items.push_back(item);
    offsets.data_ptr<int64_t>()[i + 1] = std::ssize(items);
  }
  return {column.name, column.values.index_select(0, torch::tensor(items, torch::kInt64)), offsets};
}

Column Column::rows(const torch::Tensor& index) const {
  return ragged() ? ragged_rows(*this, index) : Column{name, values.index_select(0, index), {}};
}

Batch::Batch(torch::Tensor inputs, torch::Tensor targets) {
  set(column::inputs, std::move(inputs));
  set(column::targets, std::move(targets));
}

void Batch::set(std::string_view name, torch::Tensor values, torch::Tensor offsets) {
  const auto at = std::find_if(columns_.begin(), columns_.end(),
                               [&](const Column& column) { return column.name == name; });
  if (!values.defined()) {
    if (at != columns_.end()) columns_.erase(at);
    return;
  }
  Column column{std::string(name), std::move(values), std::move(offsets)};
  if (at != columns_.end())
    *at = std::move(column);
  else
    columns_.push_back(std::move(column));
}

const Column* Batch::find(std::string_view name) const {
  for (const Column& column : columns_)
    if (column.name == name) return &column;
  return nullptr;
}

const torch::Tensor& Batch::operator[](std::string_view name) const {
  static const torch::Tensor none;
  const Column* column = find(name);
  return column ? column->values : none;
}

Batch Batch::rows(const torch::Tensor& index) const {
  Batch chosen;
  chosen.columns_.reserve(columns_.size());
  for (const Column& column : columns_) chosen.columns_.push_back(column.rows(index));
  return chosen;
}

// Bytes are pictures wherever they stand; a mask is of bools.
static torch::Tensor readable(const torch::Tensor& values, torch::Device device) {
  const torch::Tensor there = values.to(device);
  return there.scalar_type() == torch::kUInt8 ? there.to(torch::kFloat32).div_(255) : there;
}

Batch on_device(const Batch& rows, torch::Device device) {
  Batch batch;
  for (const Column& column : rows.columns())
    batch.set(column.name, readable(column.values, device), column.offsets);
  return batch;
}

Batch gather(const Dataset& data, const torch::Tensor& index, torch::Device device) {
  return on_device(data.rows.rows(index), device);
}

Batch slice(const Dataset& data, int64_t first, int64_t count, torch::Device device) {
  core::heed_signals();
  return gather(data, torch::arange(first, std::min(first + count, data.size())), device);
}

}  // namespace training
