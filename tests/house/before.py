"""The same figures at commit aa4e94e, before the code was rearranged."""

SIZES = {
    "bot": ("88/215/231", "7/25/35"),
    "bot/sandbox": ("78/217/257", "6/19/41"),
    "handlers": ("109/233/250", "7/23/56"),
    "storage": ("114/251/298", "5/14/37"),
    "tests": ("122/424/810", "6/20/50"),
}
FOLDERS = "median 13, most 42: handlers/workload, storage, handlers/meetings, tests/sandbox, bot"
VOTES = {
    "by button": "21 files, 1 transaction, 10 calls",
    "by typing": "26 files, 2 transactions, 11 calls",
}
