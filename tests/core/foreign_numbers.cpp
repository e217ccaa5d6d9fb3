// Numbers of other makes and sizes than those that are asked for.
#include <cmath>

#include "core/formats/columns.h"
#include "core/hdf5.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"

namespace tests::foreign_numbers {

using Catch::Matchers::ContainsSubstring;
using core::h5::File;
using core::h5::Handle;

TEST_CASE("numbers that the kind asked for cannot hold are refused, not clamped or cut", "[core]") {
  const Scratch scratch;
  File file = File::create(scratch / "n.h5");
  int made = 0;
  const auto as = [&]<class Held>(std::vector<Held> held, hid_t kind, auto& out) {
    const std::string name = "/" + std::to_string(++made);
    file.write<Held>(name, held, {held.size()});
    out.resize(held.size());
    return refusal([&] { core::formats::read(file, name, 1, 0, held.size(), out.data(), {kind}); });
  };
  std::vector<int64_t> whole;
  std::vector<float> real;
  for (const double odd : {0.5, double(NAN), double(INFINITY), 1e300, -1e19})
    CHECK_THAT(as(std::vector<double>{1, odd}, H5T_NATIVE_INT64, whole),
               ContainsSubstring("holds no numbers that can be read as int64"));
  CHECK_FALSE(as(std::vector<uint64_t>{1, uint64_t{1} << 63}, H5T_NATIVE_INT64, whole).empty());
  CHECK_THAT(as(std::vector<double>{1, 1e300}, H5T_NATIVE_FLOAT, real), ContainsSubstring("as float32"));
  CHECK_FALSE(as(std::vector<double>{1, -1e300}, H5T_NATIVE_FLOAT, real).empty());
  CHECK(as(std::vector<double>{3, -2}, H5T_NATIVE_INT64, whole).empty());
  CHECK(whole == std::vector<int64_t>{3, -2});
  CHECK(as(std::vector<double>{0.1, -INFINITY, INFINITY}, H5T_NATIVE_FLOAT, real).empty());  // rounded
  CHECK(real == std::vector<float>{0.1f, -INFINITY, INFINITY});
  CHECK(as(std::vector<double>{NAN}, H5T_NATIVE_FLOAT, real).empty());
  CHECK(as(std::vector<float>{7, 8}, H5T_NATIVE_INT64, whole).empty());
}

TEST_CASE("numbers whose bits lie otherwise than IEEE's are refused", "[core]") {
  const Scratch scratch;
  const Handle odd(H5Tcopy(H5T_IEEE_F64LE), H5Tclose), short_one(H5Tcopy(H5T_STD_I64LE), H5Tclose);
  H5Tset_ebias(odd, 1021);  // each number is four times what it was
  H5Tset_precision(short_one, 40);
  File file = File::create(scratch / "a.h5");
  const double four = 4;
  const int64_t nine = 9;
  file.write("/odd", &four, odd, {1});
  file.write("/short", &nine, short_one, {1});
  file.write("/big", &four, H5T_IEEE_F32BE, {1});
  CHECK_THAT(refusal([&] { file.read<double>("/odd"); }),
             ContainsSubstring("a.h5: '/odd' has numbers of a make of their own (8 bytes)"));
  CHECK_THAT(refusal([&] { file.read<int64_t>("/short"); }),
             ContainsSubstring("numbers of a make of their own"));
  CHECK(file.info("/big").dtype == "float32");
}

}  // namespace tests::foreign_numbers
