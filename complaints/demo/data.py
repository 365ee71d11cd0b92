"""Invented complaints of Kota Contoh. Days count back from today.

[filed days ago, kind, unit the citizen named, story, when, where, disclosure, path]; `path` is what
happened since: (days ago, step, …).
"""

from typing import Any

U = "Kecamatan Utara"
A, I, C = "aspiration", "information", "complaint"
CODE = "4821093755601284"
COORDINATOR, UNIT = "coordinator", "unit"

Row = tuple[int, str, str | None, str, str, str, str, list[tuple[Any, ...]]]

ROWS: list[Row] = [
    # One answered complaint that people can follow with the code printed on the tracking page.
    (
        16, C, "DPMPTSP",
        "Saya mengurus izin usaha warung. Di loket diminta uang Rp 50.000 untuk map dan meterai, "
        "padahal di papan tertulis gratis. Saya tidak diberi kuitansi.",
        "Senin pagi sekitar jam 9", "Loket 3, lantai 1", "anonymous",
        [
            (14, "verify", "DPMPTSP", "general"),
            (13, "take_on"),
            (10, "message", "Terima kasih. Apakah Anda ingat hari dan nomor antreannya?"),
            (9, "citizen", "Hari Senin, antrean A-041."),
            (
                3, "answer",
                "Terima kasih atas laporan Anda. Kami memeriksa rekaman loket hari itu. Benar ada "
                "permintaan uang yang tidak boleh terjadi. Petugasnya sudah dipindahkan dari loket "
                "dan diperiksa atasannya. Map dan meterai tidak wajib dibeli di loket. Mulai pekan "
                "ini papan tarif dipasang di setiap loket, dan petugas dilarang menerima uang tunai.",
            ),
        ],
    ),
    (60, C, U, "Surat keterangan pindah sudah dua bulan belum jadi. Setiap datang disuruh kembali besok.", "sejak dua bulan lalu", "Kantor kecamatan", "known", [(57, "verify", U, "general"), (55, "take_on")]),
    (45, C, U, "Lampu jalan di depan balai RW mati, anak-anak pulang mengaji dalam gelap.", "sejak awal bulan lalu", "Jalan Anggrek, depan balai RW 03", "anonymous", [(42, "verify", U, "general")]),
    (40, C, U, "Petugas pelayanan membentak ibu saya yang sudah tua karena salah mengisi formulir.", "Rabu siang", "Ruang pelayanan", "anonymous", [(38, "verify", U, "general"), (36, "take_on")]),
    (36, C, "Kelurahan Anggrek", "Saluran air di gang mampet dan meluap setiap hujan.", "setiap hujan", "Gang Mawar", "anonymous", [(33, "verify", "Kelurahan Anggrek", "general")]),
    (30, I, U, "Apa saja syarat surat keterangan usaha dan berapa lama jadinya?", "", "", "anonymous", [(28, "verify", U, "information"), (27, "take_on")]),
    (9, C, None, "Ada tumpukan sampah di pinggir sungai, baunya sampai ke rumah-rumah.", "sejak seminggu", "Bantaran sungai dekat jembatan gantung", "anonymous", []),
    (8, C, "Dishub", "Marka penyeberangan di depan sekolah sudah hilang. Kendaraan tidak mau berhenti.", "", "Depan SD Negeri Mawar", "known", []),
    (28, C, "RSUD Contoh", "Antre pendaftaran dari jam 5 pagi, nomor habis jam 7. Pendaftaran daring selalu gagal.", "setiap hari Senin", "Loket pendaftaran", "anonymous", [(26, "verify", "RSUD Contoh", "general")]),
    (2, C, "Dispendukcapil", "Nama anak saya di akta kelahiran salah satu huruf. Bagaimana memperbaikinya tanpa bolak-balik?", "", "", "known", []),
    (1, I, "Disdik", "Kapan jadwal penerimaan murid baru dan apakah ada biaya?", "", "", "anonymous", []),
    (0, A, None, "Tolong tambah tempat duduk di halte depan pasar, banyak ibu hamil dan lansia berdiri lama.", "", "Halte pasar", "anonymous", []),
    (6, C, "Dinsos", "Nama tetangga saya yang tidak mampu tidak masuk daftar bantuan, padahal yang mampu dapat.", "bulan ini", "Kelurahan Bakung", "known", [(4, "verify", "Dinsos", "general"), (3, "take_on")]),
    (5, I, "Dinsos", "Bagaimana cara memperbarui data keluarga untuk bantuan sosial?", "", "", "anonymous", [(4, "verify", "Dinsos", "information")]),
    (12, C, "Satpol PP", "Pedagang menutup seluruh trotoar sehingga kursi roda tidak bisa lewat.", "setiap sore", "Jalan Merdeka", "anonymous", [(10, "verify", "Satpol PP", "general")]),
    (7, C, "DPMPTSP", "Status izin saya di sistem tidak berubah sejak tiga minggu.", "sejak tiga minggu", "", "known", [(5, "verify", "DPMPTSP", "general"), (4, "take_on")]),
    (4, A, "DPMPTSP", "Sebaiknya syarat izin ditempel di papan besar dengan huruf besar, bukan hanya di kertas kecil.", "", "Ruang tunggu", "anonymous", [(3, "verify", "DPMPTSP", "aspiration")]),
    (20, I, "DPMPTSP", "Apakah izin usaha mikro dipungut biaya?", "", "", "anonymous", [(19, "verify", "DPMPTSP", "information"), (18, "take_on"), (17, "answer", "Izin usaha mikro tidak dipungut biaya. Anda dapat mengurusnya sendiri secara daring atau di loket kami, Senin sampai Jumat.")]),
    (50, C, "DPMPTSP", "Petugas keamanan menyuruh saya memakai jasa calo supaya cepat.", "Jumat", "Halaman parkir", "anonymous", [(48, "verify", "DPMPTSP", "supervision"), (46, "take_on")]),
    (75, C, "Dinsos", "Petugas meminta potongan dari uang bantuan.", "bulan lalu", "Kelurahan Cempaka", "anonymous", [(73, "verify", "Dinsos", "general"), (71, "take_on"), (62, "answer", "Uang bantuan tidak boleh dipotong. Petugas sudah diperiksa dan uang dikembalikan kepada penerima."), (0, "close")]),
    (48, C, U, "Jam istirahat loket terlalu lama, dari jam 11 sampai jam 2.", "setiap hari", "Loket", "anonymous", [(46, "verify", U, "general"), (44, "take_on"), (35, "answer", "Jam istirahat sudah kami atur bergantian. Loket buka terus pukul 08.00 sampai 15.30."), (0, "close")]),
    (26, C, "Dinsos", "Kursi roda yang dijanjikan belum datang.", "dijanjikan dua bulan lalu", "", "known", [(24, "verify", "Dinsos", "general"), (23, "take_on"), (11, "answer", "Kursi roda sudah kami kirim."), (8, "reopen", "Belum ada kursi roda yang datang ke rumah ibu saya.")]),
    (10, C, "Dishub", "Pohon besar di taman miring dan hampir roboh.", "", "Taman kota", "anonymous", [(9, "verify", "DPMPTSP", "general"), (7, "give_back", "Bukan wewenang kami; taman dikelola unit lain.")]),
    (15, C, None, "Listrik di rumah saya sering padam malam hari.", "sejak minggu lalu", "", "anonymous", [(14, "refer", "Listrik rumah dilayani PLN. Silakan hubungi PLN di nomor 123 atau aplikasi PLN Mobile; mereka yang dapat memperbaikinya.")]),
    (13, C, None, "tes tes tes", "", "", "anonymous", [(12, "reject", "Laporan ini tidak berisi kejadian atau pertanyaan. Bila ada yang ingin Anda sampaikan, silakan kirim laporan baru.")]),
]  # fmt: skip

# Neutral: a question that anybody could ask. Nobody is complained of in a real government.
NEUTRAL = {
    "kota-kediri": ("DPMPTSP", "Contoh: jam berapa loket pelayanan dibuka pada hari Jumat?"),
    "kab-bekasi": ("Disdukcapil", "Contoh: syarat apa saja untuk mengurus kartu keluarga secara daring?"),
}  # fmt: skip
