// Kinds of what a file holds: as people read them, as they lie to the bit, and whether numbers are what
// processors hold.
#include <algorithm>
#include <array>

#include "core/error.h"
#include "core/hdf5_objects.h"

namespace core::h5 {

std::string dtype_of(hid_t type) {
  const std::string bits = std::to_string(8 * H5Tget_size(type));
  switch (H5Tget_class(type)) {
    case H5T_FLOAT:
      return "float" + bits;
    case H5T_INTEGER:
      return (H5Tget_sign(type) == H5T_SGN_NONE ? "uint" : "int") + bits;
    case H5T_STRING:
      return "text";
    case H5T_COMPOUND:
      return "compound";
    default:
      return "other";
  }
}

static std::string name_of_member(hid_t type, unsigned k) {
  char* held = H5Tget_member_name(type, k);
  std::string name = held == nullptr ? "" : held;
  H5free_memory(held);
  return name;
}

std::string layout_of(hid_t type) {
  std::string text = fmt::format("{} of {} bytes, order {}", dtype_of(type), H5Tget_size(type),
                                 static_cast<int>(H5Tget_order(type)));
  if (H5Tget_class(type) != H5T_COMPOUND) return text;
  for (unsigned k = 0; k < static_cast<unsigned>(std::max(0, H5Tget_nmembers(type))); ++k) {
    const Handle member(H5Tget_member_type(type, k), H5Tclose);
    text += fmt::format("; {} at {}: {}", name_of_member(type, k), H5Tget_member_offset(type, k),
                        layout_of(member));
  }
  return text;
}

namespace {

// IEEE 754's half precision, of which libhdf5 has no name.
bool is_half(hid_t type) {
  size_t sign = 0, exponent = 0, exponent_bits = 0, mantissa = 0, mantissa_bits = 0;
  H5Tget_fields(type, &sign, &exponent, &exponent_bits, &mantissa, &mantissa_bits);
  return std::array{sign, exponent, exponent_bits, mantissa, mantissa_bits} ==
             std::array<size_t, 5>{15, 10, 5, 0, 10} &&
         H5Tget_ebias(type) == 15 && H5Tget_norm(type) == H5T_NORM_IMPLIED;
}

bool is_one_of(hid_t type, std::initializer_list<hid_t> known) {
  return std::ranges::any_of(known, [&](hid_t one) { return H5Tequal(type, one) > 0; });
}

bool is_standard(hid_t type) {
  if (H5Tget_class(type) == H5T_FLOAT)
    return is_one_of(type, {H5T_IEEE_F32LE, H5T_IEEE_F64LE, H5T_IEEE_F32BE, H5T_IEEE_F64BE}) ||
           (H5Tget_size(type) == 2 && is_half(type));
  return is_one_of(type,
                   {H5T_STD_I8LE, H5T_STD_I16LE, H5T_STD_I32LE, H5T_STD_I64LE, H5T_STD_U8LE, H5T_STD_U16LE,
                    H5T_STD_U32LE, H5T_STD_U64LE, H5T_STD_I8BE, H5T_STD_I16BE, H5T_STD_I32BE, H5T_STD_I64BE,
                    H5T_STD_U8BE, H5T_STD_U16BE, H5T_STD_U32BE, H5T_STD_U64BE});
}

}  // namespace

void check_numbers(hid_t type, const std::string& file, const std::string& path) {
  switch (H5Tget_class(type)) {
    case H5T_INTEGER:
    case H5T_FLOAT:
      return check(is_standard(type),
                   "{}: '{}' has numbers of a make of their own ({} bytes); expected integers or IEEE 754's",
                   file, path, H5Tget_size(type));
    case H5T_COMPOUND:
      for (unsigned k = 0; k < static_cast<unsigned>(std::max(0, H5Tget_nmembers(type))); ++k) {
        const Handle member(H5Tget_member_type(type, k), H5Tclose);
        const size_t end = H5Tget_member_offset(type, k) + H5Tget_size(member);
        check(end <= H5Tget_size(type), "{}: '{}' has a column beyond its rows' end", file, path);
        check_numbers(member, file, path);
      }
      return;
    case H5T_ENUM:
    case H5T_ARRAY:
    case H5T_VLEN:
      return check_numbers(Handle(H5Tget_super(type), H5Tclose), file, path);
    default:
      return;
  }
}

}  // namespace core::h5
