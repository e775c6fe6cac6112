"""What the invented chain 青芋里 is: its stores, its products, its calendar."""

from dataclasses import dataclass
from datetime import date

import numpy as np

FIRST_DAY = date(2012, 1, 1)
LAST_DAY = date(2014, 12, 31)
DAYS = (LAST_DAY - FIRST_DAY).days + 1
YEARS = (2012, 2013, 2014)
EPOCH = np.datetime64(FIRST_DAY, "D")

SERIES = ("仙芋系列", "传统豆花", "招牌点心", "古味茶饮")
XIANYU, DOUHUA, SNACK, TEA = range(4)

ALWAYS = date(2009, 5, 1)


@dataclass(frozen=True)
class Store:
    """A store; dates say what it could sell and when."""

    store_id: str
    name: str
    province: str
    city: str
    region: str
    latitude: str
    longitude: str
    size: float
    opened_at: date = ALWAYS
    closed_at: date | None = None
    douhua_from: date | None = None
    takeaway: bool = True
    self_service: bool = False
    late_night: bool = False
    # How this store's till exports.
    offset: str | None = None
    business_date: bool = True


# The first few make a whole chain by themselves: with and without douhua, late hours, offsets.
STORES = (
    Store("S01", "人民广场店", "上海市", "上海", "华东", "31.230400", "121.473700", 1.4,
          douhua_from=ALWAYS),
    Store("S02", "新街口店", "江苏省", "南京", "华东", "32.041500", "118.784000", 1.2,
          offset="+08:00"),
    Store("S03", "北京路店", "广东省", "广州", "华南", "23.125200", "113.269200", 1.3,
          douhua_from=ALWAYS, self_service=True, late_night=True, business_date=False),
    Store("S04", "湖滨店", "浙江省", "杭州", "华东", "30.254600", "120.163900", 1.1,
          self_service=True),
    Store("S05", "春熙路店", "四川省", "成都", "西南", "30.655300", "104.080200", 1.2,
          douhua_from=date(2014, 3, 1)),
    Store("S06", "西单店", "北京市", "北京", "华北", "39.909800", "116.374400", 1.3,
          douhua_from=ALWAYS),
    Store("S07", "江汉路店", "湖北省", "武汉", "华中", "30.581400", "114.291200", 0.9,
          takeaway=False),
    Store("S08", "东门店", "广东省", "深圳", "华南", "22.546100", "114.119800", 1.0,
          opened_at=date(2012, 6, 15), douhua_from=date(2012, 6, 15), self_service=True),
    Store("S09", "观前街店", "江苏省", "苏州", "华东", "31.312300", "120.626200", 0.8,
          opened_at=date(2012, 11, 1)),
    Store("S10", "中山路店", "福建省", "厦门", "华南", "24.456000", "118.076000", 0.8,
          opened_at=date(2013, 4, 20), takeaway=False),
    Store("S11", "解放碑店", "重庆市", "重庆", "西南", "29.557200", "106.577000", 0.9,
          opened_at=date(2013, 9, 10), douhua_from=date(2013, 9, 10), offset="+08:00"),
    Store("S12", "天一店", "浙江省", "宁波", "华东", "29.869500", "121.554300", 0.6,
          opened_at=date(2010, 9, 18), closed_at=date(2014, 8, 31)),
)  # fmt: skip


@dataclass(frozen=True)
class Product:
    """A product; price and cost in fen. The weighed one of a series is priced per 100 g."""

    product_code: str
    name: str
    series: int
    line: str
    category: str
    role: str
    price: int
    cost: int
    weighed: bool = False
    sold_from: date = ALWAYS
    sold_to: date | None = None


PRODUCTS = (
    Product("P101", "招牌芋圆", XIANYU, "手工芋圆", "dessert", "profit", 2600, 880),
    Product("P102", "芋圆四号", XIANYU, "手工芋圆", "dessert", "profit", 2200, 760),
    Product("P103", "芋圆一号", XIANYU, "手工芋圆", "dessert", "profit", 1800, 640),
    Product("P104", "芋圆红豆汤", XIANYU, "手工芋圆", "dessert", "share", 2050, 700),
    Product("P111", "招牌仙草", XIANYU, "滑嫩仙草", "dessert", "profit", 2400, 790),
    Product("P112", "烧仙草", XIANYU, "滑嫩仙草", "dessert", "profit", 1950, 610),
    Product("P113", "仙草冻", XIANYU, "滑嫩仙草", "dessert", "share", 1200, 390),
    Product("P119", "芋圆仙草自选配料(100克)", XIANYU, "手工芋圆", "topping", "profit", 1000, 320,
            weighed=True),
    Product("P201", "原味豆花", DOUHUA, "传统豆花", "dessert", "share", 1000, 340),
    Product("P202", "花生豆花", DOUHUA, "传统豆花", "dessert", "share", 1400, 480),
    Product("P203", "红豆豆花", DOUHUA, "传统豆花", "dessert", "share", 1550, 520),
    Product("P204", "招牌豆花", DOUHUA, "传统豆花", "dessert", "profit", 2200, 720),
    Product("P209", "豆花自选配料(100克)", DOUHUA, "传统豆花", "topping", "share", 1000, 330,
            weighed=True),
    Product("P301", "红豆麻糬", SNACK, "招牌点心", "snack", "fighter", 800, 360),
    Product("P302", "车轮饼", SNACK, "招牌点心", "snack", "fighter", 950, 420),
    Product("P303", "芋头西米", SNACK, "招牌点心", "snack", "share", 1600, 650),
    Product("P304", "雪花冰", SNACK, "招牌点心", "dessert", "profit", 2800, 1050,
            sold_from=date(2013, 5, 1)),
    Product("P305", "绿豆糕", SNACK, "招牌点心", "snack", "fighter", 1100, 560,
            sold_to=date(2013, 12, 31)),
    Product("P309", "点心拼盘(100克)", SNACK, "招牌点心", "snack", "share", 1000, 450,
            weighed=True),
    Product("P401", "冬瓜茶", TEA, "古味茶饮", "drink", "fighter", 800, 190),
    Product("P402", "青草茶", TEA, "古味茶饮", "drink", "fighter", 900, 210),
    Product("P403", "古早味红茶", TEA, "古味茶饮", "drink", "share", 1000, 230),
    Product("P404", "珍珠奶茶", TEA, "古味茶饮", "drink", "share", 1400, 380),
    Product("P405", "芋头鲜奶", TEA, "古味茶饮", "drink", "profit", 1650, 480),
    Product("P406", "柚子茶", TEA, "古味茶饮", "drink", "share", 1200, 310,
            sold_from=date(2014, 4, 1)),
    Product("P409", "茶饮自选加料(100克)", TEA, "古味茶饮", "topping", "share", 1000, 300,
            weighed=True),
)  # fmt: skip

# What the chain will pay for its ingredients next year: a reference update of the last week.
NEW_COSTS = {"P101": 910, "P111": 820}


def day_number(day: date | None, default: int) -> int:
    """Days since FIRST_DAY; ``default`` where there is no date."""
    return default if day is None else (day - FIRST_DAY).days


class StoreCalendar:
    """When which of the first ``count`` stores was open and equipped; arrays by store index."""

    def __init__(self, count: int) -> None:
        self.stores = STORES[:count]
        self.size = np.array([s.size for s in self.stores])
        self.opened = np.array([day_number(s.opened_at, 0) for s in self.stores])
        self.closed = np.array([day_number(s.closed_at, DAYS) for s in self.stores])
        self.douhua = np.array([day_number(s.douhua_from, DAYS) for s in self.stores])
        self.takeaway = np.array([s.takeaway for s in self.stores])
        self.late_night = np.array([s.late_night for s in self.stores])

    def is_open(self, store: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Whether each store sells on each day (closed_at is the last day of trade)."""
        return (day >= self.opened[store]) & (day <= self.closed[store])

    def has_douhua(self, store: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Whether each store can make tofu pudding on each day."""
        return day >= self.douhua[store]

    def draw(self, day: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """One store per day, by size, among those open that day."""
        stores = np.arange(len(self.stores))
        weight = np.where(self.is_open(stores[None, :], day[:, None]), self.size[None, :], 0.0)
        edges = np.cumsum(weight, axis=1)
        return (rng.random(len(day))[:, None] * edges[:, -1:] >= edges).sum(axis=1)
