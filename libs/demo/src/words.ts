/** [characters, pinyin] */
type Spelled = readonly [string, string];

export const SURNAMES: readonly (readonly [Spelled, number])[] = [
  [['王', 'WANG'], 72],
  [['李', 'LI'], 71],
  [['张', 'ZHANG'], 67],
  [['刘', 'LIU'], 53],
  [['陈', 'CHEN'], 45],
  [['杨', 'YANG'], 30],
  [['赵', 'ZHAO'], 22],
  [['黄', 'HUANG'], 22],
  [['周', 'ZHOU'], 20],
  [['吴', 'WU'], 19],
  [['徐', 'XU'], 16],
  [['孙', 'SUN'], 15],
  [['胡', 'HU'], 13],
  [['朱', 'ZHU'], 12],
  [['高', 'GAO'], 12],
  [['林', 'LIN'], 11],
  [['何', 'HE'], 11],
  [['郭', 'GUO'], 11],
  [['马', 'MA'], 10],
  [['罗', 'LUO'], 9],
  [['欧阳', 'OUYANG'], 2],
  [['司马', 'SIMA'], 1],
  // A four-byte character, as real civil registers have them.
  [['𠮷', 'JI'], 1],
];

export const GIVEN: Record<'male' | 'female', readonly Spelled[]> = {
  male: [
    ['伟', 'wei'],
    ['强', 'qiang'],
    ['磊', 'lei'],
    ['军', 'jun'],
    ['勇', 'yong'],
    ['杰', 'jie'],
    ['涛', 'tao'],
    ['明', 'ming'],
    ['超', 'chao'],
    ['浩', 'hao'],
    ['宇', 'yu'],
    ['轩', 'xuan'],
    ['博', 'bo'],
    ['鹏', 'peng'],
    ['建', 'jian'],
    ['国', 'guo'],
    ['志', 'zhi'],
    ['文', 'wen'],
    ['华', 'hua'],
    ['晨', 'chen'],
  ],
  female: [
    ['芳', 'fang'],
    ['娜', 'na'],
    ['敏', 'min'],
    ['静', 'jing'],
    ['丽', 'li'],
    ['艳', 'yan'],
    ['娟', 'juan'],
    ['霞', 'xia'],
    ['婷', 'ting'],
    ['雪', 'xue'],
    ['怡', 'yi'],
    ['欣', 'xin'],
    ['梦', 'meng'],
    ['琪', 'qi'],
    ['玉', 'yu'],
    ['兰', 'lan'],
    ['淑', 'shu'],
    ['慧', 'hui'],
    ['佳', 'jia'],
    ['思', 'si'],
  ],
};

/** Characters that sound the same and get mixed up at the counter. */
export const SOUNDS_ALIKE: Readonly<Record<string, string>> = {
  伟: '玮',
  杰: '捷',
  涛: '滔',
  明: '铭',
  浩: '昊',
  宇: '羽',
  晨: '辰',
  静: '婧',
  丽: '莉',
  婷: '亭',
  怡: '仪',
  欣: '昕',
  琪: '淇',
  慧: '惠',
  佳: '嘉',
  文: '雯',
  军: '君',
  华: '桦',
  敏: '旻',
  张: '章',
  徐: '许',
};

export interface Region {
  /** GB/T 2260 code. */
  readonly code: string;
  readonly province: string;
  readonly city: string;
  readonly district: string;
  readonly english: string;
}

const region = (code: string, province: string, city: string, district: string, english: string): Region => ({
  code,
  province,
  city,
  district,
  english,
});

export const REGIONS: readonly Region[] = [
  region('110105', '北京市', '北京市', '朝阳区', 'Chaoyang, Beijing'),
  region('110108', '北京市', '北京市', '海淀区', 'Haidian, Beijing'),
  region('120101', '天津市', '天津市', '和平区', 'Heping, Tianjin'),
  region('210102', '辽宁省', '沈阳市', '和平区', 'Heping, Shenyang'),
  region('210202', '辽宁省', '大连市', '中山区', 'Zhongshan, Dalian'),
  region('220102', '吉林省', '长春市', '南关区', 'Nanguan, Changchun'),
  region('230102', '黑龙江省', '哈尔滨市', '道里区', 'Daoli, Harbin'),
  region('310104', '上海市', '上海市', '徐汇区', 'Xuhui, Shanghai'),
  region('310115', '上海市', '上海市', '浦东新区', 'Pudong, Shanghai'),
  region('320102', '江苏省', '南京市', '玄武区', 'Xuanwu, Nanjing'),
  region('320505', '江苏省', '苏州市', '虎丘区', 'Huqiu, Suzhou'),
  region('330106', '浙江省', '杭州市', '西湖区', 'Xihu, Hangzhou'),
  region('330203', '浙江省', '宁波市', '海曙区', 'Haishu, Ningbo'),
  region('340104', '安徽省', '合肥市', '蜀山区', 'Shushan, Hefei'),
  region('350102', '福建省', '福州市', '鼓楼区', 'Gulou, Fuzhou'),
  region('350203', '福建省', '厦门市', '思明区', 'Siming, Xiamen'),
  region('360102', '江西省', '南昌市', '东湖区', 'Donghu, Nanchang'),
  region('370102', '山东省', '济南市', '历下区', 'Lixia, Jinan'),
  region('370202', '山东省', '青岛市', '市南区', 'Shinan, Qingdao'),
  region('410105', '河南省', '郑州市', '金水区', 'Jinshui, Zhengzhou'),
  region('420106', '湖北省', '武汉市', '武昌区', 'Wuchang, Wuhan'),
  region('430102', '湖南省', '长沙市', '芙蓉区', 'Furong, Changsha'),
  region('440106', '广东省', '广州市', '天河区', 'Tianhe, Guangzhou'),
  region('440305', '广东省', '深圳市', '南山区', 'Nanshan, Shenzhen'),
  region('450103', '广西壮族自治区', '南宁市', '青秀区', 'Qingxiu, Nanning'),
  region('500112', '重庆市', '重庆市', '渝北区', 'Yubei, Chongqing'),
  region('510104', '四川省', '成都市', '锦江区', 'Jinjiang, Chengdu'),
  region('520102', '贵州省', '贵阳市', '南明区', 'Nanming, Guiyang'),
  region('530102', '云南省', '昆明市', '五华区', 'Wuhua, Kunming'),
  region('610113', '陕西省', '西安市', '雁塔区', 'Yanta, Xi’an'),
  region('620102', '甘肃省', '兰州市', '城关区', 'Chengguan, Lanzhou'),
  region('650102', '新疆维吾尔自治区', '乌鲁木齐市', '天山区', 'Tianshan, Urumqi'),
];

export const ROADS: readonly Spelled[] = [
  ['人民路', 'Renmin Road'],
  ['解放大道', 'Jiefang Avenue'],
  ['中山路', 'Zhongshan Road'],
  ['建设街', 'Jianshe Street'],
  ['和平路', 'Heping Road'],
  ['科技园路', 'Keji Park Road'],
  ['滨江道', 'Binjiang Road'],
  ['学院路', 'Xueyuan Road'],
];

export const MOBILE_PREFIXES = ['133', '135', '136', '138', '139', '150', '152', '158', '159', '177', '186', '188'];
export const CARD_PREFIXES = ['622848', '621700', '622202', '623058'];
export const OCCUPATIONS = ['职员', '教师', '工程师', '个体户', '司机', '医生', '公务员', '销售', '自由职业', '学生'];
export const TAGS = ['优质客户', '潜在流失', '高净值', '新市民', '小微企业主', '白名单'];
export const COMPANY_WORDS = ['鑫源', '宏达', '瑞丰', '恒信', '天诚', '博远', '佳禾', '盛世', '启航', '蓝海'];
export const COMPANY_KINDS: readonly (readonly [string, string])[] = [
  ['商贸有限公司', 'F'],
  ['餐饮管理有限公司', 'H'],
  ['信息技术有限公司', 'I'],
  ['建筑工程有限公司', 'E'],
  ['物流有限公司', 'G'],
  ['食品加工厂', 'C'],
  ['农业专业合作社', 'A'],
];
export const MEMOS = [
  '客户承诺本周内还款 ✅',
  '电话无人接听 📵，明日再拨',
  'Customer asked for a "grace period"',
  "客户称已还款，it's being checked",
  '上门核实，地址属实 🏠',
  '转法务 ⚖️；注意\t制表符与\n换行',
];
