#include "core/run_format_1.h"

#include <cstddef>

namespace core::run_format_1 {

static std::string table_path(const std::string& metric) { return "/metrics/" + metric; }

static h5::Handle row_type() {
  h5::Handle type(H5Tcreate(H5T_COMPOUND, sizeof(Row)), H5Tclose);
  H5Tinsert(type, "step", offsetof(Row, step), H5T_NATIVE_INT64);
  H5Tinsert(type, "env_steps", offsetof(Row, env_steps), H5T_NATIVE_INT64);
  H5Tinsert(type, "samples", offsetof(Row, samples), H5T_NATIVE_INT64);
  H5Tinsert(type, "wall_s", offsetof(Row, wall_s), H5T_NATIVE_DOUBLE);
  H5Tinsert(type, "value", offsetof(Row, value), H5T_NATIVE_DOUBLE);
  return type;
}

std::vector<Metric> metrics(const h5::File& file) {
  std::vector<Metric> all;
  for (const auto& group : file.children("/metrics"))
    for (const auto& name : file.children("/metrics/" + group)) {
      const std::string path = table_path(group + "/" + name);
      all.push_back({group + "/" + name, file.text(path, "unit"), file.text(path, "sentence"),
                     file.number(path, "wall_clock") != 0});
    }
  return all;
}

std::vector<Row> rows(const h5::File& file, const std::string& metric) {
  if (!file.exists(table_path(metric))) return {};
  const std::string path = table_path(metric);
  const h5::Axes shape = file.shape(path, {h5::any});
  std::vector<Row> all(file.elements(path, sizeof(Row)));
  file.read(path, all.data(), row_type(), shape);
  size_t keep = 0;
  for (int64_t last = -1; keep < all.size() && all[keep].step > last; ++keep) last = all[keep].step;
  all.resize(keep);
  return all;
}

std::optional<Row> last_row(const h5::File& file, const std::string& metric) {
  const std::vector<Row> all = rows(file, metric);
  return all.empty() ? std::nullopt : std::optional<Row>(all.back());
}

void each(const h5::File& file, const Visit& visit) {
  for (const Metric& metric : metrics(file)) {
    std::array<h5::Cells, Rows::columns> cells;
    for (const Row& row : rows(file, metric.name)) {
      cells[0].push_back(static_cast<uint64_t>(row.step));
      cells[1].push_back(static_cast<uint64_t>(row.env_steps));
      cells[2].push_back(static_cast<uint64_t>(row.samples));
      cells[3].push_back(std::bit_cast<uint64_t>(row.wall_s));
      cells[4].push_back(std::bit_cast<uint64_t>(row.value));
    }
    if (!cells[0].empty()) visit(metric.name, Rows({cells[0], cells[1], cells[2], cells[3], cells[4]}));
  }
}

}  // namespace core::run_format_1
