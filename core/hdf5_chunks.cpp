// Rows that a file claims and does not hold: libhdf5 gives zeros for a chunk that its index lacks, and asks
// no checksum of it.
#include <algorithm>

#include "core/error.h"
#include "core/hdf5_objects.h"

namespace core::h5 {

static Axes chunk_of(hid_t dataset, size_t rank) {
  const Handle how(H5Dget_create_plist(dataset), H5Pclose);
  Axes chunk(rank);
  const bool chunked = rank > 0 && H5Pget_layout(how) == H5D_CHUNKED &&
                       H5Pget_chunk(how, static_cast<int>(rank), chunk.data()) == static_cast<int>(rank);
  return chunked ? chunk : Axes{};
}

// To the next chunk of a box, its last axis first; false behind the last one.
static bool advance(Axes& at, const Axes& begin, const Axes& end, const Axes& chunk) {
  for (size_t axis = at.size(); axis-- > 0; at[axis] = begin[axis])
    if ((at[axis] += chunk[axis]) < end[axis]) return true;
  return false;
}

// As a read looks for it.
static bool is_there(hid_t dataset, const Axes& at) {
  hsize_t bytes = 0;
  return H5Dget_chunk_storage_size(dataset, at.data(), &bytes) >= 0 && bytes > 0;
}

void require_chunks(hid_t dataset, const std::string& what, hsize_t first, hsize_t rows) {
  Axes end = shape_of(dataset);
  const Axes chunk = chunk_of(dataset, end.size());
  if (chunk.empty() || rows == 0 || std::ranges::count(end, hsize_t{0}) > 0) return;
  Axes begin(end.size(), 0);
  begin[0] = first / chunk[0] * chunk[0];
  end[0] = std::min(end[0], first + rows);
  Axes at = begin;
  do check(is_there(dataset, at), "{} is damaged: it lacks the rows from {} on", what, at[0]);
  while (advance(at, begin, end, chunk));
}

}  // namespace core::h5
